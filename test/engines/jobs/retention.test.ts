import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { system } from '../../../src/core/access.ts';
import type { BlobRef } from '../../../src/core/blob.ts';
import type { Job } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildJob, completedJob, type PresentedJob } from '../../helpers/jobs.ts';

const hour = 3_600_000;
const day = 24 * hour;

describe('retention', () => {
  let app: TestApp;
  let user: TestCaller;
  before(async () => {
    app = await startTestApp({ config: { jobs: { sweepIntervalMs: hour } } });
    user = await app.signUp();
  });
  after(() => app.stop());

  const purge = () => app.verbs.purgeExpired({}, buildCall({ principal: system }));

  /** The user's job that ended `ageMs` ago, kept as long as is configured. */
  async function endedAgo(ageMs: number, changes: Partial<Job> = {}): Promise<Job> {
    const completedAt = Date.now() - ageMs;
    const times = { createdAt: completedAt, updatedAt: completedAt, completedAt };
    const { resultRetentionMs } = app.deps.config.jobs;
    const job = completedJob({
      id: app.deps.newJobId(Date.now()),
      ownerId: user.userId,
      ...times,
      expiresAt: completedAt + resultRetentionMs,
      ...changes,
    });
    return (await app.deps.jobs.accept(job, null)).job;
  }

  /** A file of the user's that `reference` holds. */
  async function heldBlob(reference: string): Promise<BlobRef> {
    const content = (async function* () {
      yield Buffer.from('"text"');
    })();
    const upload = { content, mediaType: 'application/json', name: null, maxBytes: 100 };
    const blob = await app.deps.blobs.put(user.userId, upload, new AbortController().signal);
    await app.deps.blobs.attach(user.userId, blob.id, reference);
    return blob;
  }

  const isStored = async (blob: BlobRef) => (await app.deps.blobs.find(user.userId, blob.id)) !== null;
  const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

  it('takes a result that is past its time from everybody, and says that there was one', async () => {
    const { id } = await endedAgo(8 * day);
    const known = await user.request('GET', `/v1/jobs/${id}`);
    assert.notEqual(((await known.json()) as PresentedJob).result, null);
    assert.equal((await user.request('GET', `/v1/jobs/${id}/result`)).status, 200);
    await purge();
    const gone = await user.request('GET', `/v1/jobs/${id}/result`);
    assert.deepEqual([gone.status, await codeOf(gone)], [410, 'job_expired']);
    const tag = known.headers.get('etag') ?? '';
    const now = await user.request('GET', `/v1/jobs/${id}`, { headers: { 'if-none-match': tag } });
    assert.equal(now.status, 200, 'the version that is known has changed');
    const { status, result } = (await now.json()) as PresentedJob;
    assert.deepEqual([status, result], ['completed', null]);
    const again = { 'if-none-match': now.headers.get('etag') ?? '' };
    assert.equal((await user.request('GET', `/v1/jobs/${id}`, { headers: again })).status, 304);
  });

  it('deletes the output in the log with the result, and leaves its lines in their places', async () => {
    const { jobs } = app.deps;
    const { id, ownerId } = await endedAgo(0, {
      ...{ status: 'in_progress', result: null, completedAt: null, expiresAt: null },
      ...{ createdAt: Date.now() - 9 * day, run: 1, lastSequence: 1 },
    });
    const progress = { percent: 50, stage: 'chat', completed: 1, total: 2, message: null };
    const output = { type: 'job.output' as const, data: { run: 1, index: 0, delta: 'secret', events: ['secret'] } };
    await jobs.report(ownerId, id, 1, { events: [output], progress: null }, Date.now() - 9 * day);
    const events = [{ type: 'job.progress' as const, data: progress }];
    await jobs.report(ownerId, id, 1, { events, progress }, Date.now() - 9 * day);
    const result = { statusCode: 200, headers: {}, body: 'secret', bodyBlob: null };
    const ending = { status: 'completed', result, error: null, expiresAt: Date.now() - day } as const;
    const ended = await jobs.end(ownerId, id, 1, ending, Date.now() - 8 * day);
    assert.ok(ended);
    const before = await jobs.events(ownerId, ended, 0, 100);
    assert.equal(before.filter(({ data }) => data['delta'] === 'secret').length, 1);
    await purge();
    assert.deepEqual(
      await jobs.events(ownerId, ended, 0, 100),
      before.map((line) => (line.type === 'job.output' ? { ...line, data: { delta: '', deleted: true } } : line)),
    );
    const followed = await (await user.request('GET', `/v1/jobs/${id}/events`)).text();
    assert.ok(followed.includes('event: job.completed') && !followed.includes('secret'), followed);
  });

  it('deletes the file of a result with it, and keeps that of the request', async () => {
    const id = app.deps.newJobId(Date.now());
    const request = await heldBlob(`job:${id}`);
    const result = await heldBlob(`job:${id}:result`);
    await endedAgo(8 * day, { id, result: { statusCode: 200, headers: {}, body: null, bodyBlob: result } });
    await purge();
    assert.deepEqual([await isStored(result), await isStored(request)], [false, true]);
  });

  it('forgets a job whose record is past its time: record, events and files', async () => {
    const id = app.deps.newJobId(Date.now());
    const blobs = [await heldBlob(`job:${id}`), await heldBlob(`job:${id}:result`)];
    const queued = await app.deps.jobs.accept(buildJob({ id, ownerId: user.userId }), null);
    const longAgo = Date.now() - 31 * day;
    const ending = { status: 'failed', result: null, error: null, expiresAt: Date.now() + day } as const;
    await app.deps.jobs.end(user.userId, id, null, ending, longAgo);
    assert.equal((await app.deps.jobs.events(user.userId, queued.job, 1, 10)).length, 1);
    await purge();
    assert.equal((await user.request('GET', `/v1/jobs/${id}`)).status, 404);
    assert.deepEqual(await app.deps.jobs.events(user.userId, queued.job, 1, 10), []);
    assert.deepEqual(await Promise.all(blobs.map(isStored)), [false, false]);
  });

  it('keeps what is not past its time, and what has not ended however old it is', async () => {
    const kept = await endedAgo(6 * day);
    const { id, ownerId } = await endedAgo(0, {
      status: 'in_progress',
      createdAt: Date.now() - 90 * day,
      result: null,
      completedAt: null,
      expiresAt: null,
    });
    await purge();
    assert.deepEqual(await app.deps.jobs.find(kept.ownerId, kept.id), kept);
    assert.equal((await app.deps.jobs.find(ownerId, id))?.status, 'in_progress');
  });

  it('takes a page at a time and says when there is more', async () => {
    const jobs = await Promise.all(Array.from({ length: 250 }, () => endedAgo(8 * day)));
    let pages = 1;
    while ((await purge()).more) pages += 1;
    assert.equal(pages, 3);
    const stored = await Promise.all(jobs.map((job) => app.deps.jobs.find(job.ownerId, job.id)));
    assert.ok(stored.every((job) => job?.resultDeleted && job.result === null));
  });

  it('keeps the sequence and the state of a job that loses its result', async () => {
    const job = await endedAgo(8 * day);
    await purge();
    assert.deepEqual(await app.deps.jobs.find(job.ownerId, job.id), { ...job, result: null, resultDeleted: true });
  });
});

describe('a list of jobs', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ config: { jobs: { sweepIntervalMs: hour } } });
  });
  after(() => app.stop());

  it('says all about a result but its body, and loads none', async () => {
    const user = await app.signUp();
    const id = app.deps.newJobId(Date.now());
    const { job } = await app.deps.jobs.accept(completedJob({ id, ownerId: user.userId }), null);
    const { data } = await user.json<{ data: PresentedJob[] }>('GET', '/v1/jobs');
    assert.deepEqual(data, [{ ...(await user.json<PresentedJob>('GET', `/v1/jobs/${job.id}`)), result: null }]);
    const filter = { kind: null, statuses: [], endpoint: null, model: null, createdAfter: null, createdBefore: null };
    const { jobs } = await app.deps.jobs.list(user.userId, {
      filter: { ...filter, metadata: {}, idempotencyKey: null },
      limit: 1,
      order: 'desc',
      after: null,
      before: null,
    });
    assert.deepEqual([jobs[0]?.result?.body, jobs[0]?.request.body], [undefined, undefined]);
  });
});
