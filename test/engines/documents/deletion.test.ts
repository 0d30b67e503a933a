import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import { useEngines } from '../../helpers/engines.ts';
import { beginIngestion, writeIngestion } from '../../helpers/ingested.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;
const twentyMinutesMs = 20 * 60_000;

describe('deletion', () => {
  let library: TestLibrary;
  let collectionId: number;
  let documentId: number;

  before(async () => {
    library = await openLibrary(useEngines());
  });
  beforeEach(async () => {
    collectionId = await library.buildCollection(owner);
    documentId = await library.buildDocument(owner, collectionId, ['a doomed chunk', 'another doomed chunk']);
  });
  after(() => library.close());

  const purge = () => purgeDeleted(library.deps, 100, library.as(owner));
  const inIndex = () => library.indexed({ term: { collection_id: collectionId } });
  const inStore = () => library.models.Batches.countDocuments({ ownerId: owner, documentId });
  const found = async () => {
    const { hits } = await library.verbs.search(buildSearch({ query: 'doomed' }), library.as(owner));
    return hits.filter((hit) => hit.chunk.collectionId === collectionId).length;
  };
  async function assertGone(): Promise<void> {
    await assert.rejects(library.verbs.getDocument({ id: documentId }, library.as(owner)), { code: 'not_found' });
    await assert.rejects(library.verbs.listChunks({ documentId, offset: 0, limit: 1 }, library.as(owner)), {
      code: 'not_found',
    });
    assert.equal(await found(), 0);
  }

  it('of a document takes its row, its chunks, its files and its place in the index', async () => {
    const content = (async function* () {
      yield Buffer.from('a file');
    })();
    const upload = { content, mediaType: 'text/plain', name: null, maxBytes: 100 };
    const { signal } = new AbortController();
    const file = await library.deps.blobs.put(owner, upload, signal);
    await library.deps.blobs.attach(owner, file.id, `document:${documentId}`);

    await library.verbs.deleteDocument({ id: documentId }, library.as(owner));
    await assertGone();
    assert.equal(await inIndex(), 0);
    assert.equal(await inStore(), 0);
    assert.equal(await library.deps.blobs.find(owner, file.id), null);
  });

  it('of a collection takes everything in it', async () => {
    await library.verbs.deleteCollection({ id: collectionId }, library.as(owner));
    await assertGone();
    await assert.rejects(library.verbs.getCollection({ id: collectionId }, library.as(owner)), { code: 'not_found' });
    assert.equal(await inIndex(), 0);
    assert.equal(await inStore(), 0);
  });

  it('leaves everything else alone', async () => {
    const other = await library.buildDocument(owner, collectionId, ['a spared chunk']);
    await library.verbs.deleteDocument({ id: documentId }, library.as(owner));
    assert.equal((await library.verbs.getDocument({ id: other }, library.as(owner))).chunks, 1);
    assert.equal(await inIndex(), 1);
  });

  for (const [what, remove] of [
    ['document', () => library.withoutIndex().deleteDocument({ id: documentId }, library.as(owner))],
    ['collection', () => library.withoutIndex().deleteCollection({ id: collectionId }, library.as(owner))],
  ] as const) {
    it(`of a ${what} works while the index is away, and is finished when it is back`, async () => {
      await remove();
      await assertGone();
      assert.equal(await inIndex(), 2);
      library.clock.time += 60_000;
      await purge();
      assert.equal(await inIndex(), 0);
    });
  }

  it('takes what a worker that was stopped too late has still written', async () => {
    await library.verbs.deleteCollection({ id: collectionId }, library.as(owner));
    const late = { ownerId: owner, collectionId, documentId: 900_001, version: 1 };
    await writeIngestion(library, late, ['a doomed late chunk']);
    assert.equal(await found(), 0);
    assert.equal(await inIndex(), 1);

    library.clock.time += twentyMinutesMs;
    assert.ok((await purge()) >= 1);
    assert.equal(await inIndex(), 0);
    assert.equal(await library.models.Deletions.countDocuments({ ownerId: owner, collectionId }), 0);
  });

  it('of a collection of many documents is finished pass by pass', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => ({ _id: 800_000 + index, ownerId: owner, collectionId }));
    await library.models.Documents.insertMany(rows);
    await library.verbs.deleteCollection({ id: collectionId }, library.as(owner));
    assert.ok((await library.models.Documents.countDocuments({ ownerId: owner, collectionId })) > 0);
    for (let pass = 0; pass < 3; pass += 1) {
      library.clock.time += 1_000;
      await purge();
    }
    assert.equal(await library.models.Documents.countDocuments({ ownerId: owner, collectionId }), 0);
  });

  it('of a document that is being ingested stops the ingestion from publishing it', async () => {
    const ingested = await beginIngestion(library, { ownerId: owner, collectionId });
    await writeIngestion(library, ingested, ['a doomed page']);
    await library.verbs.deleteDocument({ id: ingested.documentId }, library.as(owner));
    const { documentId: id, version } = ingested;
    assert.equal(await library.deps.ingestions.complete(owner, id, version, 1), false);
    await assert.rejects(library.verbs.getDocument({ id }, library.as(owner)), { code: 'not_found' });
  });
});
