import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fuse } from '../../../src/core/fusion.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildSearch, openLibrary, type TestLibrary } from '../../helpers/library.ts';
import { cosine, wordVector } from '../../helpers/word-vectors.ts';

const owner = 7;
const texts = [
  'the harbour was quiet and the boats lay still',
  'boats leave the harbour at dawn',
  'a report on the price of grain',
  'grain is loaded at the harbour',
  'nothing in common',
];

describe('search methods', () => {
  let library: TestLibrary;
  let collectionId: number;

  before(async () => {
    library = await openLibrary(useEngines());
    collectionId = await library.buildCollection(owner);
    await library.buildDocument(owner, collectionId, texts);
  });
  after(() => library.close());

  it('scores a semantic hit with the cosine, best first', async () => {
    const query = 'boats at the harbour';
    const { hits } = await library.verbs.search(buildSearch({ query, method: 'semantic' }), library.as(owner));
    const wanted = texts
      .map((text, id) => ({ id, score: cosine(wordVector(query), wordVector(text)) }))
      .sort((a, b) => b.score - a.score);
    assert.deepEqual(
      hits.map((hit) => hit.chunk.id),
      wanted.map(({ id }) => id),
    );
    for (const [index, hit] of hits.entries()) {
      assert.ok(Math.abs(hit.score - (wanted[index]?.score ?? 0)) < 1e-4, `${hit.score} is not the cosine`);
      assert.equal(hit.method, 'semantic');
    }
  });

  it('asks no model for a lexical search', async () => {
    const asked = library.vendors.words.asked.length;
    const request = buildSearch({ query: 'price of grain', method: 'lexical' });
    const { hits, usage } = await library.verbs.search(request, library.as(owner));
    assert.equal(hits[0]?.chunk.id, 2);
    assert.equal(hits[0]?.chunk.content, texts[2]);
    assert.equal(library.vendors.words.asked.length, asked);
    assert.equal(usage.promptTokens, 0);
  });

  it('finds other forms of a word, and stop words as they are', async () => {
    const search = async (query: string) => {
      const { hits } = await library.verbs.search(buildSearch({ query, method: 'lexical' }), library.as(owner));
      return hits.map((hit) => hit.chunk.id);
    };
    assert.deepEqual(await search('loading'), [3]);
    assert.deepEqual((await search('the and')).toSorted(), [0, 1, 2, 3]);
  });

  it('orders a hybrid search as the fusion of its two lists, and shows both places', async () => {
    const query = 'boats loaded with grain at the harbour';
    const one = async (method: 'lexical' | 'semantic') => {
      const { hits } = await library.verbs.search(buildSearch({ query, method }), library.as(owner));
      return { weight: 1, hits: hits.map((hit) => ({ key: String(hit.chunk.id), score: hit.score })) };
    };
    const fused = fuse([await one('lexical'), await one('semantic')], { rankConstant: 10 });
    const { hits } = await library.verbs.search(buildSearch({ query, rankConstant: 10 }), library.as(owner));
    assert.deepEqual(
      hits.map((hit) => [String(hit.chunk.id), hit.score, [hit.legs?.lexical ?? null, hit.legs?.semantic ?? null]]),
      fused.map((hit) => [hit.key, hit.score, hit.places]),
    );
    assert.ok(hits.every((hit) => hit.method === 'hybrid'));
  });

  it('bills the embedding of the query', async () => {
    const { usage } = await library.verbs.search(buildSearch({ query: 'three new words' }), library.as(owner));
    assert.equal(usage.promptTokens, 3);
  });

  describe('score_threshold', () => {
    const query = 'boats at the harbour';
    const cosines = texts.map((text) => cosine(wordVector(query), wordVector(text))).sort((a, b) => b - a);

    for (const [count, threshold] of [0, 1, 2, 3].map((n) => [n, ((cosines[n - 1] ?? 1) + (cosines[n] ?? 0)) / 2])) {
      it(`keeps the ${count} chunks whose cosine is at least ${threshold?.toFixed(3)}`, async () => {
        const request = buildSearch({ query, method: 'semantic', scoreThreshold: threshold ?? 0 });
        const { hits } = await library.verbs.search(request, library.as(owner));
        assert.equal(hits.length, count);
      });
    }

    it('is refused for another method', async () => {
      for (const method of ['lexical', 'hybrid'] as const) {
        await assert.rejects(library.verbs.search(buildSearch({ method, scoreThreshold: 0.5 }), library.as(owner)), {
          code: 'unsupported_operation',
          publicMessage: 'Score threshold is only available for semantic search method',
        });
      }
    });
  });
});
