import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { master } from '../../../src/core/access.ts';
import type { CollectionQuery } from '../../../src/core/collection.ts';
import { buildCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openLibrary, type TestLibrary } from '../../helpers/library.ts';

const notFound = { code: 'not_found', publicMessage: 'Collection not found.' };
const mayNotShow = {
  code: 'permission_denied',
  publicMessage: 'Missing permission to update collection visibility to public.',
};

function buildQuery(changes: Partial<CollectionQuery> = {}): CollectionQuery {
  return { name: null, visibility: null, offset: 0, limit: 100, orderBy: 'id', direction: 'asc', ...changes };
}

describe('collections', () => {
  let library: TestLibrary;
  let anne: number;
  let bob: number;

  before(async () => {
    library = await openLibrary(useEngines());
    const account = { passwordHash: 'x', roleId: 1, organizationId: null, budget: null, expiresAt: null, priority: 0 };
    const times = { createdAt: 1, updatedAt: 1 };
    const { users } = library.deps;
    anne = (await users.create({ ...account, ...times, email: 'anne@example.org', name: 'Anne' })).id;
    bob = (await users.create({ ...account, ...times, email: 'bob@example.org', name: null })).id;
  });
  after(() => library.close());

  it('are shown with their owner’s name, their times and the number of their documents', async () => {
    library.clock.time = 1_700_000_000_000;
    const made = { name: 'papers', description: 'all of them', visibility: 'private' as const };
    const { id } = await library.verbs.createCollection(made, library.as(anne));
    await library.buildDocument(anne, id);
    await library.buildDocument(anne, id);
    assert.deepEqual(await library.verbs.getCollection({ id }, library.as(anne)), {
      id,
      ownerId: anne,
      ownerName: 'Anne',
      ...made,
      embeddingModel: 'word-vectors',
      documents: 2,
      createdAt: 1_700_000_000_000,
      updatedAt: 1_700_000_000_000,
    });
  });

  it('name an owner without a name by their address', async () => {
    const id = await library.buildCollection(bob, 'public');
    const { ownerName } = await library.verbs.getCollection({ id }, library.as(anne));
    assert.equal(ownerName, 'bob@example.org');
  });

  it('may have the same name', async () => {
    const ids = [
      await library.buildCollection(anne, 'private', 'twin'),
      await library.buildCollection(anne, 'private', 'twin'),
    ];
    const { collections } = await library.verbs.listCollections(buildQuery({ name: 'twin' }), library.as(anne));
    assert.deepEqual(
      collections.map((collection) => collection.id),
      ids,
    );
  });

  it('cannot be made by the master key, which owns nothing', async () => {
    const made = { name: 'x', description: null, visibility: 'private' as const };
    await assert.rejects(library.verbs.createCollection(made, buildCall({ principal: master })), {
      code: 'unsupported_operation',
      publicMessage: /^Master user is not allowed to create collection\./,
    });
  });

  it('become public only by the hand of somebody who may do that', async () => {
    const made = { name: 'x', description: null, visibility: 'public' as const };
    await assert.rejects(library.verbs.createCollection(made, library.as(anne)), mayNotShow);
    const id = await library.buildCollection(anne);
    const update = { id, changes: { visibility: 'public' as const } };
    await assert.rejects(library.verbs.updateCollection(update, library.as(anne)), mayNotShow);
    await library.verbs.updateCollection(update, library.as(anne, ['create_public_collection']));
    assert.equal((await library.verbs.getCollection({ id }, library.as(bob))).visibility, 'public');
  });

  it('change in what is named and in nothing else', async () => {
    const id = await library.buildCollection(anne, 'private', 'before');
    library.clock.time += 5_000;
    await library.verbs.updateCollection({ id, changes: { name: 'after' } }, library.as(anne));
    await library.verbs.updateCollection({ id, changes: { description: 'new' } }, library.as(anne));
    const { name, description, visibility, updatedAt } = await library.verbs.getCollection({ id }, library.as(anne));
    assert.deepEqual([name, description, visibility, updatedAt], ['after', 'new', 'private', library.clock.time]);
  });

  it('of somebody else are as unknown as none at all, and public ones are theirs to read only', async () => {
    const hidden = await library.buildCollection(anne);
    const open = await library.buildCollection(anne, 'public');
    const { verbs } = library;
    for (const id of [hidden, 987_654]) {
      await assert.rejects(verbs.getCollection({ id }, library.as(bob)), notFound);
    }
    for (const id of [hidden, open, 987_654]) {
      await assert.rejects(verbs.updateCollection({ id, changes: { name: 'mine' } }, library.as(bob)), notFound);
      await assert.rejects(verbs.deleteCollection({ id }, library.as(bob)), notFound);
    }
    assert.equal((await verbs.getCollection({ id: open }, library.as(bob))).name, 'a collection');
  });

  describe('in a list', () => {
    let mine: number[];
    let open: number;
    const user = 501;

    before(async () => {
      mine = [];
      for (const name of ['c', 'a', 'b']) {
        library.clock.time += 1_000;
        mine.push(await library.buildCollection(user, name === 'b' ? 'public' : 'private', name));
      }
      open = await library.buildCollection(502, 'public', 'z');
      await library.buildCollection(502, 'private', 'z');
    });

    const ids = async (changes: Partial<CollectionQuery>) => {
      const { collections, total } = await library.verbs.listCollections(buildQuery(changes), library.as(user));
      return { ids: collections.map((collection) => collection.id), total };
    };

    it('are one’s own and all public ones, unless a visibility is named: then one’s own of that kind', async () => {
      const all = await ids({});
      assert.ok([...mine, open].every((id) => all.ids.includes(id)));
      assert.equal(all.total, all.ids.length);
      assert.deepEqual(await ids({ visibility: 'private' }), { ids: mine.slice(0, 2), total: 2 });
      assert.deepEqual(await ids({ visibility: 'public' }), { ids: mine.slice(2), total: 1 });
    });

    it('are found by their exact name', async () => {
      assert.deepEqual((await ids({ name: 'z' })).ids, [open]);
      assert.deepEqual((await ids({ name: 'Z' })).ids, []);
    });

    it('come in the order and in the pages asked for', async () => {
      const [c, a] = mine;
      const own = { visibility: 'private' as const };
      assert.deepEqual((await ids({ ...own, orderBy: 'name' })).ids, [a, c]);
      assert.deepEqual((await ids({ ...own, orderBy: 'created', direction: 'desc' })).ids, [a, c]);
      assert.deepEqual(await ids({ ...own, offset: 1, limit: 1 }), { ids: [a], total: 2 });
    });
  });
});
