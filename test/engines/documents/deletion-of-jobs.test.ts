import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import type { Job } from '../../../src/core/job.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildUserCall } from '../../helpers/calls.ts';

const twentyMinutesMs = 20 * 60_000;

/** The product without workers: the test takes a job's steps, so that a deletion falls exactly between two of them. */
describe('deleting what a job is to fill', () => {
  let app: TestApp;
  let user: TestCaller;
  let collectionId: number;
  let job: Job;
  let documentId: number;

  before(async () => {
    app = await startTestApp();
    user = await app.signUp();
  });
  beforeEach(async () => {
    const collection = { name: 'a', visibility: 'private' };
    collectionId = (await user.json<{ id: number }>('POST', '/v1/collections', { body: collection })).id;
    job = await upload();
    documentId = job.subject?.documentId ?? 0;
  });
  after(() => app.stop());

  const call = () => buildUserCall({ userId: user.userId });
  const ref = () => ({ jobId: job.id, ownerId: user.userId });
  const find = async (id = job.id) => {
    const found = await app.deps.jobs.find(user.userId, id);
    assert.ok(found);
    return found;
  };

  async function upload(): Promise<Job> {
    const body = new FormData();
    body.set('file', new File(['# A title\n\nSome words of a document.'], 'a.md'));
    body.set('collection_id', String(collectionId));
    const { id } = await user.json<{ id: string }>('POST', '/v1/documents', {
      body,
      headers: { prefer: 'respond-async' },
    });
    return find(id);
  }

  /** The steps of an ingestion up to its chunks. */
  async function ingest(upTo: 'begun' | 'extracted' | 'split' | 'published', of = ref()): Promise<void> {
    const { verbs } = app;
    const run = await verbs.beginJob(of, call());
    assert.ok(run);
    if (upTo === 'begun') return;
    const { parts } = await verbs.inspectDocument(run, call());
    await verbs.extractParts({ ...run, range: { from: 1, to: parts } }, call());
    if (upTo === 'extracted') return;
    const { batches } = await verbs.splitDocument(run, call());
    if (upTo === 'split') return;
    await verbs.indexBatches({ ...run, from: 0, to: batches - 1 }, call());
    await verbs.publishDocument(run, call());
  }

  /** No row, no chunk, no block, and none of these files. */
  async function assertNothingLeft(blobs: readonly string[] = []): Promise<void> {
    const { documents, chunkBatches, extractions } = app.deps;
    assert.equal(await documents.find(documentId), null);
    assert.equal((await chunkBatches.count(user.userId, { documentId, version: 1 })).batches, 0);
    assert.deepEqual(await extractions.list(user.userId, documentId, 1), []);
    for (const id of blobs) assert.equal(await app.deps.blobs.find(user.userId, id), null);
  }

  /** What was read so far. */
  async function blocksOf(version = 1): Promise<string[]> {
    const stored = await app.deps.extractions.list(user.userId, documentId, version);
    return stored.map(({ blob }) => blob.id);
  }

  const purgeLater = () => {
    const clock = { now: () => Date.now() + twentyMinutesMs };
    return purgeDeleted({ ...app.deps, clock, cancelJob: app.verbs.cancelJob }, 100, call());
  };

  for (const [what, path] of [
    ['a document', () => `/v1/documents/${documentId}`],
    ['a collection', () => `/v1/collections/${collectionId}`],
  ] as const) {
    it(`${what} cancels its queued job, which then does nothing`, async () => {
      await user.json('DELETE', path());
      assert.equal((await find()).status, 'cancelled');
      assert.equal(await app.verbs.beginJob(ref(), call()), null);
      await assertNothingLeft();
    });

    for (const stage of ['begun', 'extracted', 'split'] as const) {
      it(`${what} cancels its running job, whose next step is refused: ${stage}`, async () => {
        await ingest(stage);
        const blobs = await blocksOf();
        assert.equal(blobs.length, stage === 'begun' ? 0 : 1);
        await user.json('DELETE', path());
        assert.equal((await find()).status, 'cancelling');
        const run = { ...ref(), run: (await find()).run };
        await assert.rejects(app.verbs.inspectDocument(run, call()), { code: 'not_found' });
        assert.equal(await app.verbs.beginJob(ref(), call()), null);
        assert.equal((await find()).status, 'cancelled');
        await assertNothingLeft(blobs);
        await purgeLater();
        await assertNothingLeft(blobs);
      });
    }
  }

  it('a document leaves a later retry to fill a new one', async () => {
    await user.json('DELETE', `/v1/documents/${documentId}`);
    const { id } = await user.json<{ id: string }>('POST', `/v1/jobs/${job.id}/retry`);
    const retried = await find(id);
    assert.notEqual(retried.subject?.documentId, documentId);
    await ingest('published', { jobId: id, ownerId: user.userId });
    await purgeLater();
    const document = await user.json<{ status: string; chunks: number }>(
      'GET',
      `/v1/documents/${retried.subject?.documentId}`,
    );
    assert.deepEqual([document.status, document.chunks], ['completed', 1]);
    await assertNothingLeft();
  });

  it('a document is not undone by a worker that begins its job all the same', async () => {
    await app.deps.documents.remove(user.userId, documentId);
    const target = { ownerId: user.userId, collectionId, documentId, belowVersion: null };
    await app.deps.deletions.add(target, Date.now(), Date.now() + twentyMinutesMs);
    const run = await app.verbs.beginJob(ref(), call());
    assert.ok(run);
    await assert.rejects(app.verbs.inspectDocument(run, call()), { code: 'not_found' });
    assert.equal(await app.deps.documents.find(documentId), null);
  });

  it('is told from a crash before the row was written: that is made up for when a worker begins', async () => {
    await app.deps.documents.remove(user.userId, documentId);
    await ingest('published');
    assert.equal((await find()).status, 'completed');
    assert.equal((await app.deps.documents.find(documentId))?.status, 'completed');
  });
});
