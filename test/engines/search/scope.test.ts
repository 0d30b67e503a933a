import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { master } from '../../../src/core/access.ts';
import { searchMethods } from '../../../src/core/search.ts';
import { buildCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const [anne, bob, carl] = [1, 2, 3];

describe('what a search looks at', () => {
  let library: TestLibrary;
  let ofAnne: number;
  let ofBob: number;
  let publicOfBob: number;
  let documentOfAnne: number;

  before(async () => {
    library = await openLibrary(useEngines());
    ofAnne = await library.buildCollection(anne);
    ofBob = await library.buildCollection(bob);
    publicOfBob = await library.buildCollection(bob, 'public');
    documentOfAnne = await library.buildDocument(anne, ofAnne, ['the secret of anne']);
    await library.buildDocument(anne, ofAnne, ['another secret of anne']);
    await library.buildDocument(bob, ofBob, ['the secret of bob']);
    await library.buildDocument(bob, publicOfBob, ['no secret of bob']);
  });
  after(() => library.close());

  const contents = async (user: number, changes: Parameters<typeof buildSearch>[0] = {}) => {
    const { hits } = await library.verbs.search(buildSearch({ query: 'secret', ...changes }), library.as(user));
    return hits.map((hit) => hit.chunk.content).toSorted();
  };

  for (const method of searchMethods) {
    it(`is one's own and what is public: ${method}`, async () => {
      assert.deepEqual(await contents(anne, { method }), [
        'another secret of anne',
        'no secret of bob',
        'the secret of anne',
      ]);
      assert.deepEqual(await contents(carl, { method }), ['no secret of bob']);
    });

    it(`is nothing for somebody who can read nothing: ${method}`, async () => {
      const request = buildSearch({ query: 'secret', method });
      const answer = await library.verbs.search(request, buildCall({ principal: master }));
      assert.deepEqual(answer.hits, []);
    });
  }

  it('is no more than the collections that were named', async () => {
    assert.deepEqual(await contents(bob, { collectionIds: [ofBob] }), ['the secret of bob']);
  });

  it('is no more than the documents that were named', async () => {
    assert.deepEqual(await contents(anne, { documentIds: [documentOfAnne] }), ['the secret of anne']);
    assert.deepEqual(await contents(bob, { documentIds: [documentOfAnne] }), []);
  });

  it('is refused as a whole when one collection is unknown, or somebody else’s, in the same words', async () => {
    for (const missing of [ofAnne, 987_654]) {
      const request = buildSearch({ collectionIds: [ofBob, missing] });
      const expected = { code: 'not_found', publicMessage: `Collection ${missing} not found.` };
      await assert.rejects(library.verbs.search(request, library.as(bob)), expected);
    }
  });

  it('is nothing, and asks no model, as long as nothing was put into the collections', async () => {
    const asked = library.vendors.words.asked.length;
    const empty = await library.buildCollection(carl);
    assert.deepEqual(await contents(carl, { collectionIds: [empty] }), []);
    assert.equal(library.vendors.words.asked.length, asked);
  });

  it('is no longer public when its owner says so', async () => {
    const id = await library.buildCollection(bob, 'public');
    await library.buildDocument(bob, id, ['a fleeting secret']);
    assert.ok((await contents(carl)).includes('a fleeting secret'));
    await library.verbs.updateCollection({ id, changes: { visibility: 'private' } }, library.as(bob));
    assert.ok(!(await contents(carl)).includes('a fleeting secret'));
  });
});

describe('collections of different models', () => {
  let library: TestLibrary;
  let byWords: number;
  let byOther: number;

  before(async () => {
    library = await openLibrary(useEngines());
    byWords = await library.buildCollection(anne);
    byOther = await library.buildCollection(anne);
    await library.models.Collections.updateOne(
      { ownerId: anne, _id: byOther },
      { $set: { embeddingModel: 'other-vectors' } },
    );
    await library.buildDocument(anne, byWords, ['red apples', 'green pears', 'blue plums']);
    await library.buildDocument(anne, byOther, ['red cherries', 'green grapes', 'blue berries']);
  });
  after(() => library.close());

  for (const method of searchMethods) {
    it(`are searched together, each with its own model: ${method}`, async () => {
      const asked = [library.vendors.words.asked.length, library.vendors.other.asked.length];
      const query = `red ${method}`;
      const { hits } = await library.verbs.search(buildSearch({ query, method, limit: 2 }), library.as(anne));
      assert.deepEqual(hits.map((hit) => hit.chunk.content).toSorted(), ['red apples', 'red cherries']);
      const queries = method === 'lexical' ? [] : [query];
      assert.deepEqual(library.vendors.words.asked.slice(asked[0]), queries);
      assert.deepEqual(library.vendors.other.asked.slice(asked[1]), queries);
    });
  }

  for (const [what, breakIt, mend] of [
    ['model is gone', () => rename('gone'), () => rename('other-vectors')],
    [
      'model answers vectors of another length',
      async () => {
        library.vendors.other.dimensions = 32;
      },
      async () => {
        library.vendors.other.dimensions = 48;
      },
    ],
  ] as const) {
    it(`do not break a search of everything when one's ${what}, only one that names it`, async () => {
      await breakIt();
      try {
        const request = buildSearch({ query: `red as before: ${what}`, method: 'semantic', limit: 1 });
        const { hits } = await library.verbs.search(request, library.as(anne));
        assert.deepEqual(
          hits.map((hit) => hit.chunk.content),
          ['red apples'],
        );
        const named = { ...request, collectionIds: [byWords, byOther] };
        await assert.rejects(library.verbs.search(named, library.as(anne)), { name: 'GatewayError' });
      } finally {
        await mend();
      }
    });
  }

  async function rename(embeddingModel: string): Promise<void> {
    await library.models.Collections.updateOne({ ownerId: anne, _id: byOther }, { $set: { embeddingModel } });
  }

  it('answer 409 when a model has changed the length of its vectors', async () => {
    library.vendors.other.dimensions = 32;
    const request = buildSearch({ query: 'a new query', collectionIds: [byOther] });
    await assert.rejects(library.verbs.search(request, library.as(anne)), { code: 'conflict' });
    library.vendors.other.dimensions = 48;
  });
});
