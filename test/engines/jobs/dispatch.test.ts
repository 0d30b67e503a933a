import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { system } from '../../../src/core/access.ts';
import type { Job } from '../../../src/core/job.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';

const hour = 3_600_000;
const missing = {
  id: '0'.repeat(24),
  bytes: 20_000,
  sha256: '0'.repeat(64),
  mediaType: 'application/json',
  name: null,
};

describe('dispatching', () => {
  let app: TestApp;
  before(async () => {
    // Nobody sweeps but the test.
    app = await startTestApp({ config: { logLevel: 'silent', jobs: { sweepIntervalMs: hour } } });
  });
  after(() => app.stop());

  const dispatch = (signal = new AbortController().signal) =>
    app.verbs.dispatchJobs({ olderThanMs: 0 }, buildCall({ principal: system, signal }));

  /** A job that was accepted an hour ago by somebody who died right after. */
  async function missed(changes: Partial<Job> = {}): Promise<Job> {
    const now = Date.now();
    const job = buildJob({ id: app.deps.newJobId(now), createdAt: now - hour, updatedAt: now, ...changes });
    return (await app.deps.jobs.accept(job, null)).job;
  }

  async function reread({ ownerId, id }: Job): Promise<Job> {
    const job = await app.deps.jobs.find(ownerId, id);
    assert.ok(job);
    return job;
  }

  it('starts what was accepted and never started, once', async () => {
    const job = await missed();
    assert.deepEqual(await dispatch(), { started: 1 });
    assert.equal(await app.deps.workflows.describe(job.id), 'running');
    assert.deepEqual(await dispatch(), { started: 0 });
  });

  it('starts more than a page of them', async () => {
    await Promise.all(Array.from({ length: 205 }, () => missed()));
    assert.deepEqual(await dispatch(), { started: 205 });
  });

  it('ends a job whose file is gone with that error, and starts the others', async () => {
    const { request } = buildJob();
    const poisoned = await missed({ request: { ...request, body: null, bodyBlob: missing } });
    const sound = await missed();
    assert.deepEqual(await dispatch(), { started: 1 });
    const { status, error } = await reread(poisoned);
    assert.deepEqual([status, error?.code], ['failed', 'not_found']);
    assert.equal(await app.deps.workflows.describe(sound.id), 'running');
  });

  it('ends a job that the engine refuses, and starts the others', async () => {
    const refused = await missed({ id: '0'.repeat(1_001) });
    const sound = await missed();
    assert.deepEqual(await dispatch(), { started: 1 });
    const { status, error } = await reread(refused);
    assert.deepEqual([status, error?.code], ['failed', 'internal_error']);
    assert.equal(await app.deps.workflows.describe(sound.id), 'running');
  });

  it('expires what is past its deadline in place of starting it', async () => {
    const late = await missed({ deadlineAt: Date.now() - 1 });
    const inTime = await missed({ deadlineAt: Date.now() + hour });
    assert.deepEqual(await dispatch(), { started: 1 });
    const { status, error } = await reread(late);
    assert.deepEqual([status, error?.code], ['expired', 'deadline_exceeded']);
    assert.equal(await app.deps.workflows.describe(late.id), 'gone');
    assert.equal((await reread(inTime)).status, 'queued');
  });

  it('expires a job of an operation that there is no more, too', async () => {
    const { request } = buildJob();
    const job = await missed({ request: { ...request, operation: 'GET /v0/gone' }, deadlineAt: Date.now() - 1 });
    await dispatch();
    assert.equal((await reread(job)).status, 'expired');
  });

  it('stops when it is told to', async () => {
    const job = await missed();
    await assert.rejects(dispatch(AbortSignal.abort(new Error('stopping'))), /stopping/);
    assert.equal(await app.deps.workflows.describe(job.id), 'gone');
  });
});

describe('dispatching while the workflow engine is away', () => {
  let app: TestApp;
  before(async () => {
    // Nothing listens on port 1.
    const temporal = { address: '127.0.0.1:1' };
    app = await startTestApp({ config: { logLevel: 'silent', temporal, jobs: { sweepIntervalMs: hour } } });
  });
  after(() => app.stop());

  it('gives up, and leaves the jobs as they are', async () => {
    const accepted = await Promise.all(
      Array.from({ length: 50 }, () => app.deps.jobs.accept(buildJob({ id: app.deps.newJobId(Date.now()) }), null)),
    );
    const sweep = app.verbs.dispatchJobs({ olderThanMs: 0 }, buildCall({ principal: system }));
    await assert.rejects(sweep, { code: 'unavailable' });
    for (const { job } of accepted) assert.deepEqual(await app.deps.jobs.find(job.ownerId, job.id), job);
  });
});
