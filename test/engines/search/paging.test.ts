import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type SearchMethod, searchMethods } from '../../../src/core/search.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;
const words = ['harbour', 'boat', 'grain', 'price', 'dawn', 'report', 'quiet'];

/** Texts of which many are equal, so that ties are everywhere. */
const texts = Array.from({ length: 250 }, (_, index) =>
  Array.from({ length: 1 + (index % 5) }, (_, place) => words[(index * (place + 1)) % words.length]).join(' '),
);

describe('pages of a search', () => {
  let library: TestLibrary;

  before(async () => {
    library = await openLibrary(useEngines());
    const collectionId = await library.buildCollection(owner);
    await library.buildDocument(owner, collectionId, texts.slice(0, 150));
    await library.buildDocument(owner, collectionId, texts.slice(150));
  });
  after(() => library.close());

  async function pages(method: SearchMethod, limit: number): Promise<string[]> {
    const keys: string[] = [];
    for (let offset = 0; ; offset += limit) {
      const request = buildSearch({ query: 'a report of the harbour', method, limit, offset });
      const { hits } = await library.verbs.search(request, library.as(owner));
      keys.push(...hits.map((hit) => `${hit.chunk.documentId}:${hit.chunk.id}`));
      if (hits.length < limit) return keys;
    }
  }

  for (const method of searchMethods) {
    it(`neither skip nor repeat a hit, whatever their size: ${method}`, async () => {
      const whole = await pages(method, 100);
      assert.equal(new Set(whole).size, whole.length);
      assert.ok(whole.length > 100, `only ${whole.length} hits`);
      for (const limit of [7, 64]) assert.deepEqual(await pages(method, limit), whole);
    });
  }

  it('reach every chunk by meaning', async () => {
    assert.equal((await pages('semantic', 100)).length, texts.length);
  });
});
