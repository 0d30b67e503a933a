import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createVerbs } from '../../../src/activities/index.ts';
import type { JobRun } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { beginBatch, jobOf } from '../../helpers/batch-steps.ts';
import { buildCall } from '../../helpers/calls.ts';

const died = () => Promise.reject(new Error('the worker died'));

describe('texts that go into a collection', () => {
  let app: TestApp;
  let user: TestCaller;
  let collection: number;
  let run: JobRun;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());
  beforeEach(async () => {
    user = await app.signUp();
    const made = await user.json<{ id: number }>('POST', '/v1/collections', { body: { name: 'texts' } });
    collection = made.id;
    run = await beginBatch(
      app,
      user,
      ['"The train leaves at noon."'],
      ['/v1/embeddings/batches', { collection_id: collection }],
    );
    await app.verbs.runShard({ ...run, shard: 0 }, buildCall({ inBackground: true }));
  });

  /** How many of them a search finds. */
  async function found(): Promise<number> {
    const body = { collections: [collection], query: 'train', limit: 5, method: 'lexical' };
    return (await user.json<{ data: unknown[] }>('POST', '/v1/search', { body })).data.length;
  }

  async function documentOf(): Promise<{ status: string; chunks: number }> {
    const { subject } = await jobOf(app, run);
    return user.json('GET', `/v1/documents/${subject?.documentId}`);
  }

  it('are found when the files of their batch have been written, and not before', async () => {
    const { batches } = app.deps;
    const verbs = createVerbs({ ...app.deps, batches: { ...batches, total: died } });
    await assert.rejects(verbs.finishBatch(run, buildCall()), /died/);
    assert.equal(await found(), 0);
    await app.verbs.finishBatch(run, buildCall());
    assert.equal(await found(), 1);
  });

  it('are taken back when their batch is cancelled before it has completed', async () => {
    const { jobs } = app.deps;
    await assert.rejects(
      createVerbs({ ...app.deps, jobs: { ...jobs, end: died } }).finishBatch(run, buildCall()),
      /died/,
    );
    assert.equal(await found(), 1);
    await app.verbs.closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
    assert.equal((await jobOf(app, run)).status, 'cancelled');
    assert.equal(await found(), 0);
    const { status, chunks } = await documentOf();
    assert.deepEqual([status, chunks], ['cancelled', 0]);
  });

  it('are found after another try of a batch that had been cancelled', async () => {
    const { jobs } = app.deps;
    await assert.rejects(
      createVerbs({ ...app.deps, jobs: { ...jobs, end: died } }).finishBatch(run, buildCall()),
      /died/,
    );
    await app.verbs.closeBatch({ ...run, outcome: 'cancelled', error: null }, buildCall());
    const { id: jobId } = await user.json<{ id: string }>('POST', `/v1/jobs/${run.jobId}/retry`);
    const again = await app.verbs.beginJob({ jobId, ownerId: user.userId }, buildCall());
    assert.ok(again);
    await app.verbs.inspectBatch(again, buildCall());
    await app.verbs.runShard({ ...again, shard: 0 }, buildCall({ inBackground: true }));
    await app.verbs.finishBatch(again, buildCall());
    assert.equal(await found(), 1);
  });
});
