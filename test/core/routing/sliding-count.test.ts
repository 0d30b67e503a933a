import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SlidingCount } from '../../../src/core/routing/sliding-count.ts';

describe('sliding count', () => {
  it('counts what fell into the last seconds, the running one included', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (seconds, gaps) => {
        const count = new SlidingCount(seconds);
        const times: number[] = [];
        let now = 1_000_000;
        for (const gap of gaps) {
          now += gap;
          times.push(now);
          count.add(now);
          const since = Math.floor(now / 1_000) - seconds + 1;
          assert.equal(count.total(now), times.filter((time) => Math.floor(time / 1_000) >= since).length);
        }
      }),
    );
  });

  it('forgets everything after its time', () => {
    const count = new SlidingCount(10);
    count.add(5_000);
    assert.equal(count.total(14_999), 1);
    assert.equal(count.total(15_000), 0);
  });

  it('survives a clock that goes back', () => {
    const count = new SlidingCount(10);
    count.add(50_000);
    count.add(40_000);
    assert.equal(count.total(50_000), 2);
  });
});
