import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { median, overlap, quantile, unite } from '../../../../src/adapters/parsing/layout/geometry.ts';

const anyNumber = fc.integer({ min: -1_000, max: 1_000 });
const anyBox = fc
  .tuple(anyNumber, anyNumber, fc.nat(500), fc.nat(500))
  .map(([left, top, across, down]) => ({ left, top, right: left + across, bottom: top + down }));

describe('boxes', () => {
  test('united contain the corners of each', () => {
    fc.assert(
      fc.property(fc.array(anyBox, { minLength: 1 }), (boxes) => {
        const united = unite(boxes);
        for (const { left, top, right, bottom } of boxes) {
          assert.ok(united.left <= left && united.top <= top && united.right >= right && united.bottom >= bottom);
        }
      }),
    );
  });

  test('overlap by the same length whichever is named first', () => {
    assert.equal(overlap(0, 10, 4, 20), 6);
    assert.equal(overlap(4, 20, 0, 10), 6);
    assert.equal(overlap(0, 10, 13, 20), -3);
  });
});

describe('a quantile', () => {
  test('is one of the values, and no less than its share of them', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const value = quantile(values, share);
          assert.ok(values.includes(value));
          assert.ok(values.filter((other) => other <= value).length >= Math.floor(values.length * share));
        },
      ),
    );
  });

  test('of nothing is 0, and the middle one of three is their median', () => {
    assert.equal(median([]), 0);
    assert.equal(median([9, 1, 5]), 5);
  });
});
