import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { system } from '../../../src/core/access.ts';
import type { Job } from '../../../src/core/job.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildCall, buildUserCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const hour = 3_600_000;

describe('reconciling', () => {
  let app: TestApp;
  let connection: Connection;
  let temporal: Client;
  before(async () => {
    // No workers, and nobody sweeps but the test: what becomes of a workflow is up to the test alone.
    app = await startTestApp({ config: { logLevel: 'silent', jobs: { sweepIntervalMs: hour } } });
    connection = await Connection.connect({ address: app.deps.config.temporal.address });
    temporal = new Client({ connection });
  });
  after(async () => {
    await connection.close();
    await app.stop();
  });

  const handleOf = (job: Job) => temporal.workflow.getHandle(`job:${job.id}`);

  /** A job in progress that nobody has written to for an hour. */
  async function forgotten(changes: Partial<Job> = {}): Promise<Job> {
    const now = Date.now();
    const id = app.deps.newJobId(now);
    const job = buildJob({ id, status: 'in_progress', run: 1, createdAt: now, updatedAt: now - hour, ...changes });
    return (await app.deps.jobs.accept(job, null)).job;
  }

  async function reread({ ownerId, id }: Job): Promise<Job> {
    const job = await app.deps.jobs.find(ownerId, id);
    assert.ok(job);
    return job;
  }

  /** All pages; answers how many jobs were repaired. */
  async function reconcile(): Promise<number> {
    let total = 0;
    let cursor: string | null = null;
    do {
      const page: { cursor: string | null; repaired: number } = await app.verbs.reconcileJobs(
        { cursor },
        buildCall({ principal: system }),
      );
      total += page.repaired;
      cursor = page.cursor;
    } while (cursor !== null);
    return total;
  }

  async function lastEventOf(job: Job): Promise<string | undefined> {
    return (await app.deps.jobs.events(job.ownerId, job, 1, 100)).at(-1)?.type;
  }

  it('fails a job whose workflow an operator has terminated, and says so', async () => {
    const job = await forgotten();
    await app.deps.workflows.start(job);
    await handleOf(job).terminate('by the test');
    await reconcile();
    const { status, error } = await reread(job);
    assert.deepEqual([status, error?.code], ['failed', 'internal_error']);
    assert.match(error?.message ?? '', /terminated by an operator/);
    assert.equal(await lastEventOf(job), 'job.failed');
  });

  it('fails a job whose workflow timed out', async () => {
    const job = await forgotten();
    await temporal.workflow.start('runCall', {
      workflowId: `job:${job.id}`,
      taskQueue: `${app.deps.config.temporal.queuePrefix}-workflows`,
      workflowExecutionTimeout: '1 second',
    });
    await waitFor('the workflow to time out', async () => (await app.deps.workflows.describe(job.id)) === 'timed_out');
    await reconcile();
    const { status, error } = await reread(job);
    assert.equal(status, 'failed');
    assert.match(error?.message ?? '', /timed out/);
  });

  it('starts the workflow of a job again when the engine has lost it', async () => {
    const job = await forgotten();
    assert.equal(await app.deps.workflows.describe(job.id), 'gone');
    assert.equal(await reconcile(), 1);
    assert.equal(await app.deps.workflows.describe(job.id), 'running');
    assert.equal((await reread(job)).status, 'in_progress');
  });

  it('ends the cancellation of a job whose workflow is gone', async () => {
    const job = await forgotten({ status: 'cancelling', cancelRequestedAt: Date.now() - hour });
    await reconcile();
    assert.equal((await reread(job)).status, 'cancelled');
    assert.equal(await lastEventOf(job), 'job.cancelled');
  });

  async function isCancelRequested(job: Job): Promise<boolean> {
    const { events } = await handleOf(job).fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? false;
  }

  it('sends a cancellation again that did not arrive', async () => {
    const job = await forgotten({ status: 'cancelling', cancelRequestedAt: Date.now() - hour });
    await app.deps.workflows.start(job);
    await reconcile();
    assert.equal(await isCancelRequested(job), true);
  });

  it('sends a cancellation again that did not arrive, however much the job still reports', async () => {
    const now = Date.now();
    const lost = await forgotten({ status: 'cancelling', cancelRequestedAt: now - hour, updatedAt: now });
    const underWay = await forgotten({ status: 'cancelling', cancelRequestedAt: now, updatedAt: now });
    for (const job of [lost, underWay]) await app.deps.workflows.start(job);
    await reconcile();
    assert.deepEqual([await isCancelRequested(lost), await isCancelRequested(underWay)], [true, false]);
  });

  it('sends a cancellation again that its caller repeats, and is done with it once', async () => {
    const job = await forgotten({ status: 'cancelling', cancelRequestedAt: Date.now(), updatedAt: Date.now() });
    await app.deps.workflows.start(job);
    const call = buildUserCall({ userId: job.ownerId });
    for (const _again of [1, 2]) assert.equal((await app.verbs.cancelJob({ id: job.id }, call)).status, 'cancelling');
    const { events } = await handleOf(job).fetchHistory();
    assert.equal(events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes).length, 1);
  });

  it('leaves alone what its workflow works on, and what was written to just now', async () => {
    const atWork = await forgotten();
    await app.deps.workflows.start(atWork);
    const recent = await forgotten({ updatedAt: Date.now() });
    await reconcile();
    assert.deepEqual(await reread(atWork), atWork);
    assert.deepEqual(await reread(recent), recent);
    assert.equal(await app.deps.workflows.describe(recent.id), 'gone');
  });

  it('leaves alone for some minutes what waits for a worker', async () => {
    const minute = 60_000;
    const queued = (since: number) => forgotten({ status: 'queued', run: 0, updatedAt: Date.now() - since });
    const [waiting, lost] = [await queued(2 * minute), await queued(4 * minute)];
    await reconcile();
    const states = [waiting, lost].map((job) => app.deps.workflows.describe(job.id));
    assert.deepEqual(await Promise.all(states), ['gone', 'running']);
  });

  it('repairs the others when one of them cannot be', async () => {
    // The engine refuses to look for an id of that length.
    const poisoned = await forgotten({ id: '0'.repeat(1_001) });
    const sound = await forgotten();
    assert.equal(await app.deps.workflows.describe(sound.id), 'gone');
    await reconcile();
    assert.equal((await reread(poisoned)).status, 'in_progress');
    assert.equal(await app.deps.workflows.describe(sound.id), 'running');
  });

  it('ends a job of an operation that there is no more', async () => {
    const job = await forgotten({ request: { ...buildJob().request, operation: 'GET /v0/gone' } });
    await app.deps.workflows.start(job);
    await handleOf(job).terminate('by the test');
    await reconcile();
    assert.equal((await reread(job)).status, 'failed');
  });

  it('goes through all pages', async () => {
    const jobs = await Promise.all(Array.from({ length: 120 }, () => forgotten()));
    assert.ok((await reconcile()) >= jobs.length);
    const states = await Promise.all(jobs.map((job) => app.deps.workflows.describe(job.id)));
    assert.deepEqual(new Set(states), new Set(['running']));
  });
});
