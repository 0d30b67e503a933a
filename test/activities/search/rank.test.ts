import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WeightedLeg } from '../../../src/activities/search/plan.ts';
import { rankPage } from '../../../src/activities/search/rank.ts';
import type { IndexHit } from '../../../src/adapters/elasticsearch/search.ts';

const space = { model: 'm', dimensions: 2 };
const scope = { collectionIds: [1], documentIds: [], filter: null };
const lexical: WeightedLeg = { weight: 1, leg: { kind: 'lexical', scope, window: 300, spaces: [space], text: 'x' } };
const semantic: WeightedLeg = {
  weight: 1,
  leg: { kind: 'semantic', scope, window: 300, space, vector: Float32Array.of(1, 0), minCosine: null },
};
const request = { method: 'hybrid', rankConstant: 60, offset: 0, limit: 10 } as const;

function buildHits(...ids: [documentId: number, chunkId: number, version?: number][]): IndexHit[] {
  return ids.map(([documentId, chunkId, version = 1], index) => ({ documentId, chunkId, version, score: 9 - index }));
}

const idsOf = (hits: readonly IndexHit[]) => hits.map((hit) => [hit.documentId, hit.chunkId]);

describe('a page of ranked hits', () => {
  it('of one list is cut from it, under its own scores', () => {
    const list = buildHits([1, 1], [1, 2], [1, 3]);
    const page = rankPage({ ...request, method: 'semantic', offset: 1, limit: 1 }, [semantic], [list]);
    assert.deepEqual(page, [{ documentId: 1, chunkId: 2, version: 1, score: 8, legs: null }]);
  });

  it('is cut after the lists were fused', () => {
    const lists = [buildHits([1, 1], [2, 2], [3, 3]), buildHits([3, 3], [4, 4], [1, 1])];
    const whole = rankPage(request, [lexical, semantic], lists);
    assert.deepEqual(idsOf(whole), [
      [1, 1],
      [3, 3],
      [2, 2],
      [4, 4],
    ]);
    const pages = [0, 1, 2, 3].flatMap((offset) =>
      rankPage({ ...request, offset, limit: 1 }, [lexical, semantic], lists),
    );
    assert.deepEqual(pages, whole);
  });

  it('shows the place in each list, and null where a hit was in one only', () => {
    const [both, one] = rankPage(request, [lexical, semantic], [buildHits([1, 1]), buildHits([2, 2], [1, 1])]);
    assert.deepEqual(both?.legs, { lexical: { rank: 1, score: 9 }, semantic: { rank: 2, score: 8 } });
    assert.equal(both?.score, 1 / 62 + 1 / 61);
    assert.deepEqual(one?.legs, { lexical: null, semantic: { rank: 1, score: 9 } });
  });

  it('tells apart chunks whose numbers add up to the same, and versions of one chunk', () => {
    const lists = [buildHits([10, 1], [9, 2], [5, 5, 1]), buildHits([9, 2], [10, 1], [5, 5, 2])];
    assert.equal(rankPage(request, [lexical, semantic], lists).length, 4);
  });

  it('counts a list as much as it weighs', () => {
    const heavy = { ...semantic, weight: 3 };
    const page = rankPage(request, [lexical, heavy], [buildHits([1, 1]), buildHits([2, 2])]);
    assert.deepEqual(idsOf(page), [
      [2, 2],
      [1, 1],
    ]);
  });

  it('keeps the cosines of lists by different models', () => {
    const lists = [buildHits([1, 1], [1, 2]), buildHits([2, 1])];
    const page = rankPage({ ...request, method: 'semantic' }, [semantic, semantic], lists);
    assert.deepEqual(idsOf(page), [
      [1, 1],
      [2, 1],
      [1, 2],
    ]);
    assert.deepEqual(
      page.map((hit) => [hit.score, hit.legs]),
      [
        [9, null],
        [9, null],
        [8, null],
      ],
    );
  });
});
