import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Comparison, comparisonTypes, type Metadata, matchesFilter } from '../../../src/core/metadata.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';

const owner = 7;

/** Few letters, so that values meet; among them all that a query language could take for its own. */
const letter = fc.constantFrom('a', 'b', 'A', '*', '?', '\\', '"', ' ', '=', '\u0000', 'é', '😀', '漢');
const text = fc.string({ unit: letter, minLength: 1, maxLength: 4 });
const key = fc.constantFrom('k', 'key', 'a.b', 'k=', '*', 'clé', '$set', '_id');
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom(0.5, 1e15, -0.25, 'true'),
);
const metadata: fc.Arbitrary<Metadata> = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });
const comparison: fc.Arbitrary<Comparison> = fc.record({ key, type: fc.constantFrom(...comparisonTypes), value });
const filter = fc.oneof(
  comparison,
  fc.record({
    filters: fc.array(comparison, { minLength: 2, maxLength: 4 }),
    operator: fc.constantFrom('and' as const, 'or' as const),
  }),
);

describe('metadata filters', () => {
  let library: TestLibrary;
  let stored: (Metadata | null)[];

  before(async () => {
    library = await openLibrary(useEngines());
    const collectionId = await library.buildCollection(owner);
    stored = [null, ...fc.sample(metadata, { numRuns: 95, seed: 4 })];
    const chunks = stored.map((each) => ({ content: 'anything', ...(each && { metadata: each }) }));
    await library.buildDocument(owner, collectionId, chunks);
  });
  after(() => library.close());

  for (const method of ['lexical', 'semantic'] as const) {
    it(`let a ${method} search through to exactly the chunks that match`, async () => {
      let found = 0;
      await fc.assert(
        fc.asyncProperty(filter, async (wanted) => {
          const request = buildSearch({ method, filter: wanted, limit: 100 });
          const { hits } = await library.verbs.search(request, library.as(owner));
          const ids = hits.map((hit) => hit.chunk.id).toSorted((a, b) => a - b);
          const matching = stored.flatMap((each, id) => (matchesFilter(each, wanted) ? [id] : []));
          assert.deepEqual(ids, matching);
          found += ids.length;
        }),
        { numRuns: 150, seed: 11 },
      );
      assert.ok(found > 100, `only ${found} chunks were found by all filters together`);
    });
  }

  it('let the metadata come back as it was posted', async () => {
    const request = buildSearch({ method: 'lexical', limit: 100 });
    const { hits } = await library.verbs.search(request, library.as(owner));
    const returned = hits.toSorted((a, b) => a.chunk.id - b.chunk.id).map((hit) => hit.chunk.metadata);
    assert.deepEqual(
      returned,
      stored.map((each) => (each === null ? null : { ...each })),
    );
  });
});
