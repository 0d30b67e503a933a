import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { createJobMaintenance } from '../../../src/adapters/mongo/job-maintenance.ts';
import { createJobModels } from '../../../src/adapters/mongo/job-record.ts';
import { createJobRepository, type JobRepository } from '../../../src/adapters/mongo/jobs.ts';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import { GatewayError, storeError } from '../../../src/core/errors.ts';
import { isTerminal, type Job, type JobPage, jobStatuses, mayBecome, terminalStatuses } from '../../../src/core/job.ts';
import { createJobIds } from '../../../src/core/job-id.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildJob } from '../../helpers/jobs.ts';
import { createTestOutbox } from '../../helpers/webhook-outbox.ts';

const everything: JobPage = {
  filter: {
    kind: null,
    statuses: [],
    endpoint: null,
    model: null,
    createdAfter: null,
    createdBefore: null,
    metadata: {},
    idempotencyKey: null,
  },
  limit: 20,
  order: 'desc',
  after: null,
  before: null,
};
const newJobId = createJobIds((bytes) => crypto.getRandomValues(bytes));
/** A queued job of owner 1 with an id of its own. */
function newJob(changes: Partial<Job> = {}): Job {
  return buildJob({ id: newJobId(changes.createdAt ?? Date.now()), ownerId: 1, model: 'all-minilm-l6-v2', ...changes });
}
const ending = { result: null, error: null, expiresAt: 1 };

describe('job repository', () => {
  const engines = useEngines();
  let connection: Connection;
  let jobs: JobRepository;
  let maintenance: ReturnType<typeof createJobMaintenance>;

  before(async () => {
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    const models = createJobModels(connection);
    jobs = createJobRepository(connection, models, createTestOutbox(connection));
    maintenance = createJobMaintenance(models);
    await prepareMongo(connection);
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  async function accept(overrides: Partial<Job> = {}): Promise<Job> {
    return (await jobs.accept(newJob(overrides), null)).job;
  }

  /** Tries to bring a job to a status, by the write that is meant for it. */
  function step({ ownerId, id }: Job, to: Job['status']): Promise<Job | null> {
    if (isTerminal(to)) return jobs.end(ownerId, id, null, { ...ending, status: to }, 1);
    assert.ok(to !== 'queued');
    return jobs.move(ownerId, id, { to, now: 1 });
  }

  /** A job brought to `status` by legal moves. */
  async function jobIn(status: Job['status'], overrides: Partial<Job> = {}): Promise<Job> {
    const job = await accept(overrides);
    if (status === 'queued') return job;
    const way =
      status === 'cancelled' ? (['in_progress', 'cancelling', status] as const) : (['in_progress', status] as const);
    for (const to of new Set(way)) await step(job, to);
    const reached = await jobs.find(job.ownerId, job.id);
    assert.equal(reached?.status, status);
    return reached;
  }

  it('makes exactly the legal moves, over all pairs', async () => {
    for (const from of jobStatuses) {
      for (const to of jobStatuses) {
        // Nothing writes 'queued': a job is born with it.
        if (to === 'queued') continue;
        const job = await jobIn(from);
        const moved = await step(job, to);
        assert.equal(moved !== null, mayBecome(from, to), `${from} -> ${to}`);
        const stored = await jobs.find(job.ownerId, job.id);
        assert.equal(stored?.status, mayBecome(from, to) ? to : from);
      }
    }
  });

  it('never changes status, result or error of a job that has ended', async () => {
    for (const status of terminalStatuses) {
      const job = await jobIn(status);
      const result = { statusCode: 200, headers: {}, body: 'late', bodyBlob: null };
      for (const late of terminalStatuses) {
        assert.equal(await jobs.end(job.ownerId, job.id, null, { ...ending, status: late, result }, 9), null);
      }
      assert.deepEqual(await jobs.find(job.ownerId, job.id), job);
    }
  });

  it('tells of its beginning once, however often it is begun', async () => {
    const job = await accept();
    await jobs.move(1, job.id, { to: 'in_progress', set: { startedAt: 1 }, increment: { run: 1 }, now: 1 });
    const again = await jobs.move(1, job.id, { to: 'in_progress', increment: { run: 1 }, begunAt: 1, now: 2 });
    assert.deepEqual([again?.run, again?.lastSequence], [2, 2]);
  });

  it('is not begun by one who has not read that it was begun', async () => {
    const job = await accept();
    const begin = (begunAt: number | null) =>
      jobs.move(1, job.id, { to: 'in_progress', set: { startedAt: 5 }, increment: { run: 1 }, begunAt, now: 1 });
    const begun = [await begin(null), await begin(null), await begin(5)];
    assert.deepEqual(
      begun.map((one) => one && [one.run, one.lastSequence]),
      [[1, 2], null, [2, 2]],
    );
  });

  it('is taken over by later tries only, in whatever order they come', async () => {
    const job = await accept();
    const takeOver = (tryAt: number) =>
      jobs.move(1, job.id, { to: 'in_progress', increment: { run: 1 }, tryAt, now: 1 });
    const taken = [await takeOver(20), await takeOver(10), await takeOver(20), await takeOver(30)];
    assert.deepEqual(
      taken.map((one) => one && [one.run, one.lastTryAt]),
      [[1, 20], null, null, [2, 30]],
    );
  });

  it('discards the end that an overtaken run brings', async () => {
    const job = await accept();
    await jobs.move(1, job.id, { to: 'in_progress', increment: { run: 1 }, now: 1 });
    await jobs.move(1, job.id, { to: 'in_progress', increment: { run: 1 }, now: 2 });
    assert.equal(await jobs.end(1, job.id, 1, { ...ending, status: 'completed' }, 3), null);
    const ended = await jobs.end(1, job.id, 2, { ...ending, status: 'completed' }, 3);
    assert.equal(ended?.status, 'completed');
  });

  it('lets exactly one of many ends win', async () => {
    const job = await jobIn('in_progress');
    const ends = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const status = index % 2 === 0 ? 'completed' : 'failed';
        return jobs.end(1, job.id, null, { ...ending, status }, 3);
      }),
    );
    assert.equal(ends.filter((ended) => ended !== null).length, 1);
  });

  it('keeps a gapless log when many write at once', async () => {
    const job = await jobIn('in_progress');
    const event = (delta: string) => ({ type: 'job.output' as const, data: { delta } });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        jobs.report(1, job.id, 0, { events: [event(`${index}a`), event(`${index}b`)], progress: null }, 5),
      ),
    );
    const stored = await jobs.find(1, job.id);
    assert.ok(stored);
    const log = await jobs.events(1, stored, 0, 1_000);
    assert.deepEqual(
      log.map(({ sequence }) => sequence),
      Array.from({ length: 42 }, (_, index) => index + 1),
    );
    assert.equal(stored.lastSequence, 42);
  });

  it('keeps a progress from going back when reports overtake each other', async () => {
    const job = await jobIn('in_progress');
    const report = (percent: number) =>
      jobs.report(
        1,
        job.id,
        0,
        { events: [], progress: { percent, stage: 's', completed: 0, total: null, message: null } },
        5,
      );
    await report(40);
    assert.equal(await report(30), null);
    assert.equal((await jobs.find(1, job.id))?.progress?.percent, 40);
  });

  it('keeps what a run failed with and tells of it, unless the run has lost the job', async () => {
    const lastError = storeError(new GatewayError('upstream_timeout', 'Too slow.'));
    const running = await jobIn('in_progress');
    const told = await jobs.recordFailure(1, running.id, 0, lastError, 5);
    assert.deepEqual([told?.lastError, told?.lastSequence], [lastError, running.lastSequence + 1]);
    assert.equal(await jobs.recordFailure(1, running.id, 1, lastError, 5), null);
    const ended = await jobIn('completed');
    assert.equal(await jobs.recordFailure(1, ended.id, 0, lastError, 5), null);
    assert.deepEqual(await jobs.find(1, ended.id), ended);
  });

  it('refuses a query whose owner is not one number', async () => {
    const { Jobs } = createJobModels(connection);
    for (const filter of [{}, { ownerId: null }, { ownerId: { $gt: 0 } }, { ownerId: { $in: [1, 2] } }]) {
      await assert.rejects(Jobs.find(filter as object), /names no ownerId/);
      await assert.rejects(Jobs.aggregate([{ $match: filter }]), /does not start with a \$match on ownerId/);
    }
    assert.deepEqual(await Jobs.find({ ownerId: 999 }), []);
  });

  it('keeps what a report tells that was overtaken, apart from its progress', async () => {
    const job = await jobIn('in_progress');
    const report = (percent: number, delta: string) => {
      const progress = { percent, stage: 's', completed: 0, total: null, message: null };
      const events = [
        { type: 'job.output' as const, data: { delta } },
        { type: 'job.progress' as const, data: { percent } },
      ];
      return jobs.report(1, job.id, 0, { events, progress }, 5);
    };
    await report(40, 'later');
    await report(30, 'earlier');
    const stored = await jobs.find(1, job.id);
    assert.ok(stored);
    const log = await jobs.events(1, stored, 2, 100);
    assert.deepEqual(
      log.map(({ sequence, data }) => [sequence, data]),
      [
        [3, { delta: 'later' }],
        [4, { percent: 40 }],
        [5, { delta: 'earlier' }],
      ],
    );
    assert.equal(stored.progress?.percent, 40);
  });

  it('reads the log from every position', async () => {
    const job = await jobIn('completed');
    const whole = await jobs.events(1, job, 0, 100);
    assert.deepEqual(
      whole.map(({ type }) => type),
      ['job.queued', 'job.started', 'job.completed'],
    );
    for (let position = 0; position <= whole.length; position += 1) {
      assert.deepEqual(await jobs.events(1, job, position, 100), whole.slice(position));
    }
  });

  it('makes one job of many submissions with one key', async () => {
    const accepted = await Promise.all(
      Array.from({ length: 50 }, () => jobs.accept(newJob({ idempotencyKey: 'once' }), 'print')),
    );
    assert.equal(accepted.filter(({ isNew }) => isNew).length, 1);
    assert.equal(new Set(accepted.map(({ job }) => job.id)).size, 1);
  });

  it('gives two owners with the same key two jobs', async () => {
    const first = await jobs.accept(newJob({ idempotencyKey: 'shared' }), null);
    const second = await jobs.accept(newJob({ idempotencyKey: 'shared', ownerId: 2 }), null);
    assert.ok(first.isNew && second.isNew);
  });

  it("does not answer another owner's job, nor change or remove it", async () => {
    const job = await jobIn('completed');
    assert.equal(await jobs.find(2, job.id), null);
    assert.equal(await jobs.move(2, job.id, { to: 'cancelling', now: 1 }), null);
    assert.equal(await jobs.remove(2, job.id), false);
    assert.ok(await jobs.find(1, job.id));
  });

  it('pages through a list in both directions without skipping or doubling while jobs arrive', async () => {
    const ownerId = 31;
    const mine: string[] = [];
    for (let index = 0; index < 25; index += 1) mine.push((await accept({ ownerId, createdAt: 1_000 + index })).id);
    for (const order of ['asc', 'desc'] as const) {
      const wanted = order === 'asc' ? mine : mine.toReversed();
      const seen: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await jobs.list(ownerId, { ...everything, order, after, limit: 7 });
        seen.push(...page.jobs.map(({ id }) => id));
        if (!page.hasMore) break;
        after = page.jobs.at(-1)?.id ?? null;
        if (order === 'desc') await accept({ ownerId });
      }
      assert.deepEqual(
        seen.filter((id) => wanted.includes(id)),
        wanted,
      );
      assert.equal(new Set(seen).size, seen.length);
    }
    const before = await jobs.list(ownerId, { ...everything, order: 'asc', before: mine[10] ?? null, limit: 4 });
    assert.deepEqual(
      before.jobs.map(({ id }) => id),
      mine.slice(6, 10),
    );
  });

  it('answers each filter with the jobs that pass it, whatever characters a label has', async () => {
    const ownerId = 32;
    const odd = await accept({ ownerId, createdAt: 5_000, metadata: { 'a.b$': '$x', team: 'blue' } });
    const done = await jobIn('completed', { ownerId, createdAt: 6_000, endpoint: '/v1/documents', model: null });
    const keyed = await accept({ ownerId, createdAt: 7_000, idempotencyKey: 'k1', kind: 'batch' });
    const ids = async (filter: Partial<JobPage['filter']>) => {
      const page = await jobs.list(ownerId, {
        ...everything,
        order: 'asc',
        filter: { ...everything.filter, ...filter },
      });
      return page.jobs.map(({ id }) => id);
    };
    assert.deepEqual(await ids({}), [odd.id, done.id, keyed.id]);
    assert.deepEqual(await ids({ statuses: ['completed', 'failed'] }), [done.id]);
    assert.deepEqual(await ids({ endpoint: '/v1/embeddings' }), [odd.id, keyed.id]);
    assert.deepEqual(await ids({ kind: 'batch' }), [keyed.id]);
    assert.deepEqual(await ids({ model: 'all-minilm-l6-v2' }), [odd.id, keyed.id]);
    assert.deepEqual(await ids({ createdAfter: 6_000 }), [done.id, keyed.id]);
    assert.deepEqual(await ids({ createdBefore: 6_000 }), [odd.id, done.id]);
    assert.deepEqual(await ids({ metadata: { 'a.b$': '$x' } }), [odd.id]);
    assert.deepEqual(await ids({ metadata: { team: 'blue', 'a.b$': 'other' } }), []);
    assert.deepEqual(await ids({ idempotencyKey: 'k1' }), [keyed.id]);
  });

  it('hands out what was never dispatched, once', async () => {
    const job = await accept({ ownerId: 33, createdAt: 10 });
    const waiting = async () => (await maintenance.undispatched(11, null, 1_000)).map(({ id }) => id);
    assert.ok((await waiting()).includes(job.id));
    await maintenance.markDispatched([job.id], 12);
    assert.ok(!(await waiting()).includes(job.id));
  });

  it('finds unfinished jobs that nobody writes to, and no ended one', async () => {
    const quiet = await accept({ ownerId: 34, updatedAt: 1, status: 'in_progress' });
    const ended = await jobIn('completed', { ownerId: 34 });
    const unbegun = await accept({ ownerId: 34, updatedAt: 1, status: 'queued' });
    const stale = (await maintenance.stale({ before: 2, queuedBefore: 1 }, null, 10_000)).map(({ id }) => id);
    assert.ok(stale.includes(quiet.id));
    assert.ok(!stale.includes(unbegun.id));
    assert.ok(!stale.includes(ended.id));
  });

  it('removes only a job that has ended, with its log', async () => {
    const running = await jobIn('in_progress');
    assert.equal(await jobs.remove(1, running.id), false);
    const ended = await jobIn('failed');
    assert.ok(isTerminal(ended.status));
    assert.equal(await jobs.remove(1, ended.id), true);
    assert.equal(await jobs.find(1, ended.id), null);
    assert.equal((await jobs.events(1, ended, 1, 10)).length, 0);
  });
});
