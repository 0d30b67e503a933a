import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { createJobMaintenance, type JobMaintenance } from '../../src/adapters/mongo/job-maintenance.ts';
import { createJobModels } from '../../src/adapters/mongo/job-record.ts';
import { createJobRepository, type JobRepository } from '../../src/adapters/mongo/jobs.ts';
import { prepareMongo } from '../../src/adapters/mongo/prepare.ts';
import { terminalStatuses } from '../../src/core/job.ts';
import { createJobIds } from '../../src/core/job-id.ts';
import { useEngines } from '../helpers/engines.ts';
import { buildJob } from '../helpers/jobs.ts';
import { createTestOutbox } from '../helpers/webhook-outbox.ts';
import { createMemoryJobs } from '../simulation/memory-jobs.ts';

interface Store {
  jobs: JobRepository;
  maintenance: JobMaintenance;
}

/** A step of a history; what it does depends on what the store says it may. */
type Step = (store: Store, ids: readonly string[]) => Promise<unknown>;

const owner = 7;
const newId = createJobIds((bytes) => crypto.getRandomValues(bytes));

const place = fc.integer({ min: 0, max: 2 });
const run = fc.option(fc.integer({ min: 0, max: 3 }));
/** When a job was begun first, as its mover has read it: nobody asked, never, then. */
const begun = fc.constantFrom(undefined, null, 7);
const time = fc.integer({ min: 1, max: 1_000 });
const progress = fc.record({
  percent: fc.option(fc.integer({ min: 0, max: 100 })),
  stage: fc.constant('call'),
  completed: fc.constant(1),
  total: fc.constant(null),
  message: fc.constant(null),
});
const error = { code: 'internal_error', message: 'no', param: null, retryable: true } as const;
const accepted = (index: number, id: string) => buildJob({ id, ownerId: owner, idempotencyKey: `key-${index}` });

/** Every write and every question of the store, with everything that its condition depends on. */
const step: fc.Arbitrary<{ name: string; take: Step }> = fc.oneof(
  fc.tuple(place, time).map(([at, now]) => ({
    name: `accept ${at}`,
    take: async ({ jobs }: Store, ids: readonly string[]) => {
      const { isNew, fingerprint, job } = await jobs.accept(
        { ...accepted(at, ids[at] ?? ''), createdAt: now },
        `f${now}`,
      );
      return { isNew, fingerprint, job };
    },
  })),
  fc.tuple(place, fc.boolean(), fc.option(time), begun, time).map(([at, takesOver, tryAt, begunAt, now]) => ({
    name: `move ${at}, begun ${begunAt}, to ${takesOver ? `in_progress for ${tryAt}` : 'cancelling'}`,
    take: ({ jobs }: Store, ids: readonly string[]) =>
      jobs.move(owner, ids[at] ?? '', {
        to: takesOver ? 'in_progress' : 'cancelling',
        set: takesOver ? { startedAt: 7 } : { cancelRequestedAt: now },
        ...(takesOver && { increment: { run: 1, attempts: 1 }, ...(tryAt !== null && { tryAt }) }),
        ...(takesOver && begunAt !== undefined && { begunAt }),
        now,
      }),
  })),
  fc.tuple(place, fc.constantFrom(...terminalStatuses), run, time).map(([at, status, fence, now]) => ({
    name: `end ${at} of run ${fence} as ${status}`,
    take: ({ jobs }: Store, ids: readonly string[]) =>
      jobs.end(owner, ids[at] ?? '', fence, { status, result: null, error: null, expiresAt: now + 5 }, now),
  })),
  fc.tuple(place, time).map(([at, now]) => ({
    name: `cancel ${at} if queued`,
    take: ({ jobs }: Store, ids: readonly string[]) => jobs.cancelQueued(owner, ids[at] ?? '', now + 5, now),
  })),
  fc.tuple(place, fc.integer({ min: 0, max: 3 }), fc.option(progress), time).map(([at, fence, told, now]) => ({
    name: `report ${at} of run ${fence}: ${JSON.stringify(told)}`,
    take: ({ jobs }: Store, ids: readonly string[]) => {
      const events = [
        { type: 'job.output' as const, data: { delta: 'a' } },
        ...(told ? [{ type: 'job.progress' as const, data: { ...told } }] : []),
      ];
      return jobs.report(owner, ids[at] ?? '', fence, { events, progress: told }, now);
    },
  })),
  fc.tuple(place, fc.integer({ min: 0, max: 3 }), time).map(([at, fence, now]) => ({
    name: `record failure ${at} of run ${fence}`,
    take: ({ jobs }: Store, ids: readonly string[]) => jobs.recordFailure(owner, ids[at] ?? '', fence, error, now),
  })),
  place.map((at) => ({
    name: `settle ${at}`,
    take: ({ jobs }: Store, ids: readonly string[]) => jobs.markSettled(owner, ids[at] ?? ''),
  })),
  fc.tuple(place, time).map(([at, now]) => ({
    name: `mark ${at} dispatched`,
    take: ({ maintenance }: Store, ids: readonly string[]) => maintenance.markDispatched([ids[at] ?? ''], now),
  })),
  place.map((at) => ({
    name: `drop result of ${at}`,
    take: ({ maintenance }: Store, ids: readonly string[]) => maintenance.dropResult(owner, ids[at] ?? ''),
  })),
  place.map((at) => ({
    name: `remove ${at}`,
    take: ({ jobs }: Store, ids: readonly string[]) => jobs.remove(owner, ids[at] ?? ''),
  })),
  place.map((at) => ({
    name: `remove somebody else's ${at}`,
    take: ({ jobs }: Store, ids: readonly string[]) => jobs.remove(owner + 1, ids[at] ?? ''),
  })),
);

/** All that can be read, in one order. `ids` leave out what other histories have made. */
async function everything({ jobs, maintenance }: Store, ids: readonly string[]) {
  const own = <T>(page: readonly T[], idOf: (item: T) => string) =>
    page
      .map(idOf)
      .filter((id) => ids.includes(id))
      .toSorted();
  const found = await Promise.all(ids.map((id) => jobs.find(owner, id)));
  const [waiting, stale, overdue, unsettled, expired, forgettable] = await Promise.all([
    maintenance.undispatched(500, null, 1_000),
    maintenance.stale({ before: 500, queuedBefore: 300 }, null, 1_000),
    maintenance.overdue(500, null, 1_000),
    maintenance.unsettled(500, 1_000),
    maintenance.expired(500, 1_000),
    maintenance.forgettable(500, 1_000),
  ]);
  return {
    found,
    logs: await Promise.all(found.map((job) => job && jobs.events(owner, job, 0, 100))),
    byKey: await Promise.all([0, 1, 2].map((index) => jobs.findByKey(owner, `key-${index}`))),
    waiting: own(waiting, (job) => job.id),
    stale: own(stale, (job) => job.id),
    overdue: own(overdue, (job) => job.id),
    unsettled: own(unsettled, (job) => job.id),
    expired: own(expired, (ref) => ref.jobId),
    forgettable: own(forgettable, (ref) => ref.jobId),
    lasting: [...(await maintenance.lasting(ids, 500))].toSorted(),
    sequences: [...(await maintenance.lastSequences(ids))].toSorted(),
  };
}

describe('the store of the simulation', () => {
  let mongo: Store & { empty(): Promise<void>; close(): Promise<void> };
  before(async () => {
    const { mongodbUrl, database } = useEngines();
    const connection = await connectMongo({ url: mongodbUrl, database });
    const models = createJobModels(connection);
    await prepareMongo(connection);
    mongo = {
      jobs: createJobRepository(connection, models, createTestOutbox(connection)),
      maintenance: createJobMaintenance(models),
      async empty() {
        await connection.collection('jobs').deleteMany({});
        await connection.collection('job_events').deleteMany({});
      },
      async close() {
        await connection.dropDatabase();
        await connection.close();
      },
    };
  });
  after(() => mongo.close());

  it('answers and keeps what MongoDB does, over random histories of three jobs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (history) => {
        await mongo.empty();
        const memory = createMemoryJobs();
        const ids = [newId(1), newId(2), newId(3)];
        for (const { name, take } of [{ name: 'accept 0', take: acceptFirst }, ...history]) {
          const [theirs, ours] = [await outcome(take, mongo, ids), await outcome(take, memory, ids)];
          assert.deepEqual(ours, theirs, name);
        }
        assert.deepEqual(await everything(memory, ids), await everything(mongo, ids));
      }),
      { numRuns: 25 },
    );
  });
});

const acceptFirst: Step = ({ jobs }, ids) => jobs.accept(accepted(0, ids[0] ?? ''), 'f0');

/** An error is an answer too; its words are the store's own. */
async function outcome(take: Step, store: Store, ids: readonly string[]): Promise<unknown> {
  try {
    return (await take(store, ids)) ?? null;
  } catch {
    return 'thrown';
  }
}
