import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { shorten, toUnitLength } from '../../src/core/vectors.ts';

const vector = fc
  .float32Array({ minLength: 1, maxLength: 64, noNaN: true, noDefaultInfinity: true, min: -1e3, max: 1e3 })
  .filter((values) => values.some((value) => Math.abs(value) > 1e-3));

function lengthOf(values: Float32Array): number {
  return Math.hypot(...values);
}

describe('vectors', () => {
  it('have unit length after scaling and keep their direction', () => {
    fc.assert(
      fc.property(vector, (values) => {
        const scaled = toUnitLength(values);
        assert.ok(Math.abs(lengthOf(scaled) - 1) < 1e-5);
        const before = lengthOf(values);
        for (const [index, value] of scaled.entries()) {
          assert.ok(Math.abs(value - (values[index] ?? 0) / before) < 1e-6);
        }
      }),
    );
  });

  it('stay as they are when they have no direction', () => {
    assert.deepEqual(toUnitLength([0, 0]), Float32Array.of(0, 0));
  });

  it('are shortened to their first values, scaled again', () => {
    assert.deepEqual(shorten(Float32Array.of(3, 4, 12), 2), Float32Array.of(0.6, 0.8));
    assert.equal(shorten(Float32Array.of(3, 4, 12), 3).length, 3);
  });
});
