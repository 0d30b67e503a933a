import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { purgeDeleted } from '../../../src/activities/documents/purge-deleted.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { useEngines } from '../../helpers/engines.ts';
import { beginIngestion, publishIngestion, writeIngestion } from '../../helpers/ingested.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const [anne, bob] = [1, 2];
const MiB = 1024 * 1024;
const documentNotFound = { code: 'not_found', publicMessage: 'Document not found.' };

describe('chunks', () => {
  let library: TestLibrary;
  let collectionId: number;

  before(async () => {
    library = await openLibrary(useEngines());
    collectionId = await library.buildCollection(anne);
  });
  after(() => library.close());

  const add = (documentId: number, contents: readonly string[], call = library.as(anne)) =>
    library.verbs.addChunks({ documentId, chunks: contents.map((content) => ({ content, metadata: null })) }, call);
  const list = (documentId: number, offset = 0, limit = 100, user = anne) =>
    library.verbs.listChunks({ documentId, offset, limit }, library.as(user));
  const search = async (query: string) =>
    (await library.verbs.search(buildSearch({ query, method: 'lexical', limit: 100 }), library.as(anne))).hits;

  it('can be read as they were posted, and found as soon as the call has answered', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const metadata = { page: 3, draft: true, author: 'Ann' };
    const chunks = [
      { content: 'a walrus', metadata },
      { content: 'a seal', metadata: null },
    ];
    assert.deepEqual(await library.verbs.addChunks({ documentId, chunks }, library.as(anne)), { ids: [0, 1] });
    const chunk = await library.verbs.getChunk({ documentId, chunkId: 0 }, library.as(anne));
    const expected = { id: 0, documentId, collectionId, content: 'a walrus', metadata, source: null };
    assert.deepEqual(chunk, { ...expected, createdAt: library.clock.now() });
    assert.deepEqual((await search('walrus'))[0]?.chunk, chunk);
    assert.equal((await library.verbs.getDocument({ id: documentId }, library.as(anne))).chunks, 2);
  });

  it('get ids that nobody else gets, from 0 and without gaps, when many calls come at once', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const sizes = Array.from({ length: 12 }, (_, index) => 1 + (index % 5));
    const posts = sizes.map((size, post) =>
      add(
        documentId,
        Array.from({ length: size }, (_, n) => `otter ${post} ${n}`),
      ),
    );
    const ids = (await Promise.all(posts)).map((answer) => answer.ids);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.deepEqual(
      ids.flat().toSorted((a, b) => a - b),
      [...Array(total).keys()],
    );

    const { chunks, total: listed } = await list(documentId);
    assert.equal(listed, total);
    assert.equal((await library.verbs.getDocument({ id: documentId }, library.as(anne))).chunks, total);
    for (const [post, own] of ids.entries()) {
      assert.deepEqual(
        own.map((id) => chunks[id]?.content),
        own.map((_, n) => `otter ${post} ${n}`),
      );
    }
    assert.equal((await search('otter')).length, total);
  });

  it('go on after those of an ingestion', async () => {
    const ingested = await beginIngestion(library, { ownerId: anne, collectionId });
    await writeIngestion(library, ingested, ['one', 'two', 'three']);
    await publishIngestion(library, ingested);
    assert.deepEqual(await add(ingested.documentId, ['four']), { ids: [3] });
    const { chunks } = await list(ingested.documentId);
    assert.deepEqual(
      chunks.map((chunk) => [chunk.id, chunk.content]),
      [
        [0, 'one'],
        [1, 'two'],
        [2, 'three'],
        [3, 'four'],
      ],
    );
  });

  it('are refused by a document that is not complete', async () => {
    const { documentId } = await beginIngestion(library, { ownerId: anne, collectionId }, 'job_9');
    await assert.rejects(add(documentId, ['too early']), {
      code: 'conflict',
      publicMessage: `Chunks can be added to a completed document, and document ${documentId} is queued (job job_9).`,
    });
  });

  it('are posted once by a call that is repeated', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const call = library.as(anne);
    const first = await add(documentId, ['a puffin', 'another puffin'], call);
    assert.deepEqual(await add(documentId, ['a puffin', 'another puffin'], call), first);
    assert.equal((await list(documentId)).total, 2);
    assert.equal((await search('puffin')).length, 2);
  });

  it('of a call that failed half way are seen by nobody, finished by a repetition, or else cleared away', async () => {
    const documentId = await library.buildDocument(anne, collectionId, ['a whole heron']);
    const call = library.as(anne);
    const halfWay = library.withoutIndex();
    const post = { documentId, chunks: [{ content: 'half a heron', metadata: null }] };
    await assert.rejects(halfWay.addChunks(post, call), { code: 'unavailable' });
    assert.equal((await list(documentId)).total, 1);
    assert.equal((await search('heron')).length, 1);

    assert.deepEqual(await library.verbs.addChunks(post, call), { ids: [1] });
    assert.equal((await search('heron')).length, 2);

    await assert.rejects(halfWay.addChunks(post, library.as(anne)), { code: 'unavailable' });
    const stored = () => library.models.Batches.countDocuments({ ownerId: anne, documentId });
    assert.equal(await stored(), 3);
    library.clock.time += 2 * 60 * 60_000;
    await purgeDeleted(library.deps, 100, library.as(anne));
    assert.equal(await stored(), 2);
    assert.equal((await list(documentId)).total, 2);
  });

  it('that cannot be embedded leave nothing behind', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const { words } = library.vendors;
    const embed = words.embed;
    words.embed = async () => {
      throw new GatewayError('upstream_error', 'The model is out of order.');
    };
    await assert.rejects(add(documentId, ['never embedded']), { code: 'upstream_error' });
    words.embed = embed;
    assert.deepEqual(await add(documentId, ['embedded']), { ids: [0] });
  });

  it('may have 20 MiB in all and 4 MiB each', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const large = `${'word '.repeat(MiB / 8)}`;
    assert.deepEqual(
      (
        await add(
          documentId,
          Array.from({ length: 12 }, () => large),
        )
      ).ids.length,
      12,
    );
    assert.equal((await list(documentId, 11, 1)).chunks[0]?.content, large);

    const tooMany = Array.from({ length: 6 }, () => 'x'.repeat(3.5 * MiB));
    await assert.rejects(add(documentId, tooMany), {
      code: 'invalid_request',
      publicMessage: 'Chunks content total size exceeds 20MB',
    });
    const tooLong = ['short', 'x'.repeat(4 * MiB + 1)];
    await assert.rejects(add(documentId, tooLong), { code: 'invalid_request', param: 'chunks[1].content' });
  });

  it('are listed by id in pages that neither skip nor repeat, also where some were deleted', async () => {
    const contents = Array.from({ length: 150 }, (_, index) => `chunk ${index}`);
    const documentId = await library.buildDocument(anne, collectionId, contents);
    const deleted = [0, 3, 63, 64, 65, 149];
    for (const chunkId of deleted) await library.verbs.deleteChunk({ documentId, chunkId }, library.as(anne));
    const left = contents.flatMap((_, id) => (deleted.includes(id) ? [] : [id]));

    for (const limit of [9, 64]) {
      const ids: number[] = [];
      for (let offset = 0; offset < left.length + limit; offset += limit) {
        const page = await list(documentId, offset, limit);
        assert.equal(page.total, left.length);
        ids.push(...page.chunks.map((chunk) => chunk.id));
      }
      assert.deepEqual(ids, left);
    }
  });

  it('that were deleted are found nowhere; deleting them again is no fault', async () => {
    const documentId = await library.buildDocument(anne, collectionId, ['a gannet', 'a second gannet']);
    for (let time = 0; time < 2; time += 1) {
      await library.verbs.deleteChunk({ documentId, chunkId: 0 }, library.as(anne));
    }
    await assert.rejects(library.verbs.getChunk({ documentId, chunkId: 0 }, library.as(anne)), {
      code: 'not_found',
      publicMessage: 'Chunk not found.',
    });
    assert.deepEqual(
      (await search('gannet')).map((hit) => hit.chunk.id),
      [1],
    );
    assert.equal((await library.verbs.getDocument({ id: documentId }, library.as(anne))).chunks, 1);
  });

  it('are not deleted by half while the index is away', async () => {
    const documentId = await library.buildDocument(anne, collectionId, ['a razorbill']);
    const chunk = { documentId, chunkId: 0 };
    await assert.rejects(library.withoutIndex().deleteChunk(chunk, library.as(anne)), { code: 'unavailable' });
    assert.equal((await list(documentId)).total, 1);
    assert.equal((await search('razorbill')).length, 1);
  });

  it('of a public collection can be read by everybody and changed by their owner alone', async () => {
    const open = await library.buildCollection(anne, 'public');
    const documentId = await library.buildDocument(anne, open, ['for all']);
    assert.equal((await list(documentId, 0, 10, bob)).chunks[0]?.content, 'for all');
    const chunk = { documentId, chunkId: 0 };
    assert.equal((await library.verbs.getChunk(chunk, library.as(bob))).content, 'for all');
    await assert.rejects(library.verbs.deleteChunk(chunk, library.as(bob)), documentNotFound);
    await assert.rejects(add(documentId, ['intruder'], library.as(bob)), documentNotFound);
  });

  it('of somebody else’s document are as unknown as those of none', async () => {
    const hidden = await library.buildDocument(anne, collectionId, ['hidden']);
    for (const documentId of [hidden, 987_654]) {
      const chunk = { documentId, chunkId: 0 };
      await assert.rejects(list(documentId, 0, 10, bob), documentNotFound);
      await assert.rejects(library.verbs.getChunk(chunk, library.as(bob)), documentNotFound);
      await assert.rejects(library.verbs.deleteChunk(chunk, library.as(bob)), documentNotFound);
      await assert.rejects(add(documentId, ['intruder'], library.as(bob)), documentNotFound);
    }
  });

  it('need a model that their owner may use', async () => {
    const documentId = await library.buildDocument(anne, collectionId);
    const call = library.as(anne);
    const barred = { ...call, principal: { ...call.principal, limits: [] } };
    await assert.rejects(
      add(documentId, ['x'], barred),
      (error: GatewayError) => error.status === 404 || error.status === 403,
    );
  });
});
