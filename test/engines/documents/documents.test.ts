import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { master } from '../../../src/core/access.ts';
import type { DocumentQuery } from '../../../src/core/collection.ts';
import { buildCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openLibrary, splitter, type TestLibrary } from '../../helpers/library.ts';

const [anne, bob] = [1, 2];
const notFound = { code: 'not_found', publicMessage: 'Document not found.' };

function buildQuery(changes: Partial<DocumentQuery> = {}): DocumentQuery {
  return { name: null, collectionId: null, offset: 0, limit: 100, orderBy: 'id', direction: 'asc', ...changes };
}

describe('documents', () => {
  let library: TestLibrary;
  let collectionId: number;

  before(async () => {
    library = await openLibrary(useEngines());
    collectionId = await library.buildCollection(anne);
  });
  after(() => library.close());

  const create = (name: string | null, id = collectionId, call = library.as(anne)) =>
    library.verbs.createDocument({ collectionId: id, file: null, name, splitter, metadata: null }, call);

  it('without a file are there at once, complete and empty', async () => {
    const { id } = await create('notes');
    assert.deepEqual(await library.verbs.getDocument({ id }, library.as(anne)), {
      id,
      ownerId: anne,
      collectionId,
      visibility: 'private',
      name: 'notes',
      chunks: 0,
      status: 'completed',
      jobId: null,
      type: null,
      mediaType: null,
      bytes: null,
      progress: null,
      provenance: [],
      createdAt: library.clock.now(),
    });
  });

  it('without a file need a name', async () => {
    const expected = {
      code: 'invalid_request',
      publicMessage: 'name is required when file is not provided',
      param: 'name',
    };
    await assert.rejects(create(null), expected);
  });

  it('go into one’s own collections only', async () => {
    const open = await library.buildCollection(bob, 'public');
    for (const id of [open, await library.buildCollection(bob), 987_654]) {
      await assert.rejects(create('x', id), { code: 'not_found', publicMessage: 'Collection not found.' });
    }
    await assert.rejects(create('x', collectionId, buildCall({ principal: master })), {
      code: 'unsupported_operation',
    });
  });

  it('of a public collection can be read by everybody, and deleted by their owner alone', async () => {
    const open = await library.buildCollection(anne, 'public');
    const id = await library.buildDocument(anne, open, ['a chunk']);
    const document = await library.verbs.getDocument({ id }, library.as(bob));
    assert.deepEqual([document.visibility, document.chunks], ['public', 1]);
    await assert.rejects(library.verbs.deleteDocument({ id }, library.as(bob)), notFound);
  });

  it('of somebody else are as unknown as none at all', async () => {
    const { id } = await create('hidden');
    for (const unknown of [id, 987_654]) {
      await assert.rejects(library.verbs.getDocument({ id: unknown }, library.as(bob)), notFound);
      await assert.rejects(library.verbs.deleteDocument({ id: unknown }, library.as(bob)), notFound);
    }
  });

  describe('in a list', () => {
    const user = 501;
    let first: number;
    let documents: number[];
    let open: number;

    before(async () => {
      first = await library.buildCollection(user);
      const second = await library.buildCollection(user);
      const call = () => library.as(user);
      documents = [];
      for (const [name, place] of [
        ['b', first],
        ['a', first],
        ['b', second],
      ] as const) {
        documents.push((await create(name, place, call())).id);
      }
      const publicOfBob = await library.buildCollection(bob, 'public');
      open = (await create('open', publicOfBob, library.as(bob))).id;
    });

    const ids = async (changes: Partial<DocumentQuery> = {}) => {
      const answer = await library.verbs.listDocuments(buildQuery(changes), library.as(user));
      return { ids: answer.documents.map((document) => document.id), total: answer.total };
    };

    it('are one’s own and those of public collections', async () => {
      const all = await ids();
      assert.ok([...documents, open].every((id) => all.ids.includes(id)));
      assert.equal(all.total, all.ids.length);
    });

    it('are those of one collection, if it can be read', async () => {
      assert.deepEqual(await ids({ collectionId: first }), { ids: documents.slice(0, 2), total: 2 });
      assert.deepEqual(await ids({ collectionId }), { ids: [], total: 0 });
    });

    it('are found by their exact name and come in the order and in the pages asked for', async () => {
      const [b1, a, b2] = documents;
      assert.deepEqual((await ids({ name: 'b' })).ids, [b1, b2]);
      assert.deepEqual((await ids({ collectionId: first, orderBy: 'name' })).ids, [a, b1]);
      assert.deepEqual(await ids({ name: 'b', direction: 'desc', offset: 1, limit: 1 }), { ids: [b1], total: 2 });
    });
  });
});
