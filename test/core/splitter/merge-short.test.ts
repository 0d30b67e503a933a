import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeShortSpans } from '../../../src/core/splitter/merge-short.ts';

const limits = { chunkSize: 10, chunkMinSize: 4, codePoints: (start: number, end: number) => end - start };

/** Spans by their bounds, merged, again as bounds. */
function merge(...bounds: [number, number][]): [number, number][] {
  const spans = bounds.map(([start, end]) => ({ start, end, codePoints: end - start }));
  return mergeShortSpans(spans, limits).map(({ start, end, codePoints }) => {
    assert.equal(codePoints, end - start);
    return [start, end];
  });
}

describe('mergeShortSpans', () => {
  it('leaves spans of at least the smallest size alone', () =>
    assert.deepEqual(merge([0, 4], [4, 8]), [
      [0, 4],
      [4, 8],
    ]));

  it('joins the previous span first, if both fit the size', () =>
    assert.deepEqual(merge([0, 7], [7, 10], [10, 17]), [
      [0, 10],
      [10, 17],
    ]));

  it('joins the next span, if only that fits the size', () =>
    assert.deepEqual(merge([0, 8], [8, 11], [11, 18]), [
      [0, 8],
      [8, 18],
    ]));

  it('joins the previous span beyond the size, if neither fits it', () =>
    assert.deepEqual(merge([0, 9], [9, 12], [12, 21]), [
      [0, 12],
      [12, 21],
    ]));

  it('joins the next span beyond the size, if the previous is too long even for that', () =>
    assert.deepEqual(merge([0, 30], [30, 33], [33, 42]), [
      [0, 30],
      [30, 42],
    ]));

  it('keeps a short span between two that are too long', () =>
    assert.deepEqual(merge([0, 30], [30, 33], [33, 60]), [
      [0, 30],
      [30, 33],
      [33, 60],
    ]));

  it('counts the white space between two spans', () =>
    assert.deepEqual(merge([0, 9], [20, 23]), [
      [0, 9],
      [20, 23],
    ]));

  it('goes on joining while the result is short', () =>
    assert.deepEqual(merge([0, 1], [1, 2], [2, 3], [3, 9]), [[0, 9]]));

  it('keeps a single short span', () => assert.deepEqual(merge([0, 2]), [[0, 2]]));
});
