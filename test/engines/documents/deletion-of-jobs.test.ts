import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import type { Job } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { createIngestSteps, type IngestSteps } from '../../helpers/ingest-steps.ts';

const twentyMinutesMs = 20 * 60_000;

describe('deleting what a job is to fill', () => {
  let app: TestApp;
  let user: TestCaller;
  let steps: IngestSteps;
  let collectionId: number;
  let job: Job;
  let documentId: number;

  before(async () => {
    app = await startTestApp();
    user = await app.signUp();
    steps = createIngestSteps(app, user);
  });
  beforeEach(async () => {
    collectionId = await steps.newCollection();
    ({ job, documentId } = await steps.upload(collectionId, '# A title\n\nSome words of a document.'));
  });
  after(() => app.stop());

  const statusOf = async (id = job.id) => (await steps.findJob(id)).status;

  /** No row, no chunk, no block, and none of these files. */
  async function assertNothingLeft(blobs: readonly string[] = []): Promise<void> {
    const { documents, chunkBatches } = app.deps;
    assert.equal(await documents.find(documentId), null);
    assert.equal((await chunkBatches.count(user.userId, { documentId, version: 1 })).batches, 0);
    assert.deepEqual(await steps.blocksOf(documentId), []);
    for (const id of blobs) assert.equal(await app.deps.blobs.find(user.userId, id), null);
  }

  /** When no write of a worker can arrive any more, everything is done again. */
  function purgeLater(): Promise<number> {
    const clock = { now: () => Date.now() + twentyMinutesMs };
    return purgeDeleted({ ...app.deps, clock, cancelJob: app.verbs.cancelJob }, 100, buildCall());
  }

  for (const [what, path] of [
    ['a document', () => `/v1/documents/${documentId}`],
    ['a collection', () => `/v1/collections/${collectionId}`],
  ] as const) {
    it(`${what} cancels its queued job, which then does nothing`, async () => {
      await user.json('DELETE', path());
      assert.equal(await statusOf(), 'cancelled');
      assert.equal(await steps.begin(job.id), null);
      await assertNothingLeft();
    });

    for (const stage of ['begun', 'extracted', 'split'] as const) {
      it(`${what} cancels its running job, whose next step is refused: ${stage}`, async () => {
        const run = await steps.take(job.id, stage);
        const blobs = await steps.blocksOf(documentId);
        assert.equal(blobs.length, stage === 'begun' ? 0 : 1);
        await user.json('DELETE', path());
        assert.equal(await statusOf(), 'cancelling');
        await assert.rejects(app.verbs.inspectDocument(run, buildCall()), { code: 'not_found' });
        assert.equal(await steps.begin(job.id), null);
        assert.equal(await statusOf(), 'cancelled');
        await assertNothingLeft(blobs);
        await purgeLater();
        await assertNothingLeft(blobs);
      });
    }
  }

  it('leaves a later retry to fill a new document', async () => {
    await user.json('DELETE', `/v1/documents/${documentId}`);
    const { id } = await user.json<{ id: string }>('POST', `/v1/jobs/${job.id}/retry`);
    const { subject } = await steps.findJob(id);
    assert.notEqual(subject?.documentId, documentId);
    await steps.take(id, 'published');
    await purgeLater();
    const path = `/v1/documents/${subject?.documentId}`;
    const document = await user.json<{ status: string; chunks: number }>('GET', path);
    assert.deepEqual([document.status, document.chunks], ['completed', 1]);
    await assertNothingLeft();
  });

  it('is not undone by a worker that begins the job all the same', async () => {
    const target = { ownerId: user.userId, collectionId, documentId, belowVersion: null };
    await app.deps.deletions.add(target, Date.now(), Date.now() + twentyMinutesMs);
    await app.deps.documents.remove(user.userId, documentId);
    const run = await steps.take(job.id, 'begun');
    await assert.rejects(app.verbs.inspectDocument(run, buildCall()), { code: 'not_found' });
    await assertNothingLeft();
  });

  it('is told from a crash before the row was written, which a worker makes up for', async () => {
    await app.deps.documents.remove(user.userId, documentId);
    await steps.take(job.id, 'published');
    assert.equal(await statusOf(), 'completed');
    assert.equal((await app.deps.documents.find(documentId))?.status, 'completed');
  });
});
