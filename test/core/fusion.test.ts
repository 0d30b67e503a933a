import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chunkKey, fuse, fusionWindow, maxSearchDepth, type RankedList } from '../../src/core/fusion.ts';

/** A list of keys, best first; what they scored is of no account. */
function ranked(keys: readonly string[], weight = 1): RankedList {
  return { weight, hits: keys.map((key, index) => ({ key, score: 100 - index })) };
}

const keys = fc.uniqueArray(fc.stringMatching(/^[a-h]$/), { maxLength: 8 });
const weights = fc.integer({ min: 1, max: 50 }).map((tenths) => tenths / 10);
const rankConstants = fc.integer({ min: 0, max: 100 });
const weighted = fc.array(fc.tuple(keys, weights), { minLength: 1, maxLength: 4 });

describe('fuse', () => {
  it("gives the scores of Elasticsearch's own example", () => {
    const fused = fuse([ranked(['4', '3', '2', '1']), ranked(['3', '2', '1', '5'])], { rankConstant: 1 });
    assert.deepEqual(
      fused.map(({ key, score }) => [key, score.toFixed(4)]),
      [
        ['3', '0.8333'],
        ['2', '0.5833'],
        ['4', '0.5000'],
        ['1', '0.4500'],
        ['5', '0.2000'],
      ],
    );
  });

  it('counts ranks from 1, so that a constant of 0 is no division by zero', () => {
    const [first, second] = fuse([ranked(['a', 'b'])], { rankConstant: 0 });
    assert.equal(first?.score, 1);
    assert.equal(second?.score, 0.5);
  });

  it('keeps rank and raw score of every list, and null where a hit is absent', () => {
    const lexical = { weight: 1, hits: [{ key: 'a', score: 12.5 }] };
    const semantic = {
      weight: 1,
      hits: [
        { key: 'b', score: 0.9 },
        { key: 'a', score: 0.7 },
      ],
    };
    const fused = new Map(fuse([lexical, semantic], { rankConstant: 60 }).map((hit) => [hit.key, hit.places]));
    assert.deepEqual(fused.get('a'), [
      { rank: 1, score: 12.5 },
      { rank: 2, score: 0.7 },
    ]);
    assert.deepEqual(fused.get('b'), [null, { rank: 1, score: 0.9 }]);
  });

  it('leaves out a list of weight 0, hits and all', () => {
    const fused = fuse([ranked(['a', 'b'], 0), ranked(['b'])], { rankConstant: 60 });
    assert.deepEqual(
      fused.map(({ key, places }) => [key, places[0]]),
      [['b', null]],
    );
  });

  it('counts a key that comes twice in a list where it is first', () => {
    const fused = fuse([ranked(['a', 'b', 'a'])], { rankConstant: 1 });
    assert.deepEqual(
      fused.map(({ key, score }) => [key, score]),
      [
        ['a', 1 / 2],
        ['b', 1 / 3],
      ],
    );
  });

  it('settles a tie by the better best rank', () => {
    // With k = 0: b scores 1/2 + 1/2 by two second ranks, z scores 1 by one first rank.
    const fused = fuse([ranked(['z', 'b']), ranked(['y', 'b'], 1)], { rankConstant: 0 });
    assert.deepEqual(
      fused.map(({ key, score }) => [key, score]),
      [
        ['y', 1],
        ['z', 1],
        ['b', 1],
      ],
    );
  });

  it('settles a full tie by the key, whichever list comes first', () => {
    for (const lists of [
      [ranked(['m']), ranked(['c'])],
      [ranked(['c']), ranked(['m'])],
    ]) {
      assert.deepEqual(
        fuse(lists, { rankConstant: 60 }).map(({ key }) => key),
        ['c', 'm'],
      );
    }
  });

  it('answers the union of the lists once, best first', () => {
    fc.assert(
      fc.property(weighted, rankConstants, (input, rankConstant) => {
        const fused = fuse(
          input.map(([keys, weight]) => ranked(keys, weight)),
          { rankConstant },
        );
        assert.deepEqual(fused.map(({ key }) => key).sort(), [...new Set(input.flatMap(([keys]) => keys))].sort());
        for (const [index, hit] of fused.slice(1).entries()) assert.ok(hit.score <= (fused[index]?.score ?? 0));
      }),
    );
  });

  it('does not depend on the order of lists of equal weight', () => {
    fc.assert(
      fc.property(fc.array(keys, { minLength: 2, maxLength: 5 }), rankConstants, (lists, rankConstant) => {
        const scores = (order: string[][]) =>
          fuse(
            order.map((keys) => ranked(keys)),
            { rankConstant },
          ).map(({ key, score }) => [key, score]);
        assert.deepEqual(scores(lists), scores(lists.toReversed()));
        assert.deepEqual(scores(lists), scores([...lists.slice(1), ...lists.slice(0, 1)]));
      }),
    );
  });

  it('never lowers a hit that moves up in one list', () => {
    fc.assert(
      fc.property(weighted, fc.nat(3), fc.integer({ min: 1, max: 7 }), rankConstants, (input, which, from, k) => {
        const list = which % input.length;
        const [order, weight] = input[list] ?? assert.fail();
        fc.pre(from < order.length);
        const raised = [...order];
        const [key] = raised.splice(from, 1);
        raised.splice(from - 1, 0, key ?? assert.fail());

        const before = input.map(([keys, weight]) => ranked(keys, weight));
        const after = before.with(list, ranked(raised, weight));
        const position = (lists: RankedList[]) => fuse(lists, { rankConstant: k }).findIndex((hit) => hit.key === key);
        assert.ok(position(after) <= position(before));
      }),
    );
  });

  it('gives pages that add up to the whole, without gap or repeat', () => {
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 5 }), (input, limit) => {
        const lists = input.map(([keys, weight]) => ranked(keys, weight));
        const whole = fuse(lists, { rankConstant: 60 });
        const pages = [];
        for (let offset = 0; offset < whole.length; offset += limit) {
          pages.push(...fuse(lists, { rankConstant: 60 }).slice(offset, offset + limit));
        }
        assert.deepEqual(pages, whole);
      }),
    );
  });
});

describe('fusionWindow', () => {
  it('is the same for every page of the first 300 results', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 1, max: 100 }), (offset, limit) => {
        fc.pre(offset + limit <= 300);
        assert.equal(fusionWindow(offset, limit), 300);
      }),
    );
  });

  it('reaches to the end of a search behind that', () => {
    assert.equal(fusionWindow(201, 100), maxSearchDepth);
    assert.equal(fusionWindow(maxSearchDepth - 1, 1), maxSearchDepth);
  });
});

describe('chunkKey', () => {
  it('tells apart the pairs whose sums are equal', () => {
    assert.notEqual(chunkKey(10, 1), chunkKey(9, 2));
    assert.notEqual(chunkKey(1, 11), chunkKey(11, 1));
  });

  it('sorts by document, then by chunk', () => {
    const pairs = fc.tuple(fc.maxSafeNat(), fc.maxSafeNat());
    fc.assert(
      fc.property(pairs, pairs, ([document, chunk], [otherDocument, otherChunk]) => {
        const before = document === otherDocument ? chunk < otherChunk : document < otherDocument;
        assert.equal(chunkKey(document, chunk) < chunkKey(otherDocument, otherChunk), before);
      }),
    );
  });
});
