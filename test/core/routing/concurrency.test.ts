import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Concurrency } from '../../../src/core/routing/concurrency.ts';

describe('concurrency', () => {
  it('has no bound before the first complaint', () => {
    const concurrency = new Concurrency();
    concurrency.started(5_000, 0);
    assert.equal(concurrency.limit, null);
  });

  it('starts from 8, or from what was under way', () => {
    const [few, many] = [new Concurrency(), new Concurrency()];
    few.throttled(2, 0);
    many.throttled(100, 0);
    assert.deepEqual([few.limit, many.limit], [5, 70]);
  });

  it('takes complaints within a second for one', () => {
    const concurrency = new Concurrency();
    for (const now of [0, 1, 500, 999]) concurrency.throttled(100, now);
    assert.equal(concurrency.limit, 70);
    concurrency.throttled(70, 1_000);
    assert.equal(concurrency.limit, 49);
  });

  it('grows by one after a second in which the limit was reached', () => {
    const concurrency = new Concurrency();
    concurrency.throttled(8, 0);
    concurrency.started(5, 100);
    assert.equal(concurrency.limit, 5);
    concurrency.started(5, 1_000);
    assert.equal(concurrency.limit, 6);
  });

  it('does not grow while nobody needs more', () => {
    const concurrency = new Concurrency();
    concurrency.throttled(8, 0);
    for (let second = 1; second < 60; second += 1) concurrency.started(4, second * 1_000);
    assert.equal(concurrency.limit, 5);
  });

  it('never falls below 1, and grows by at most one a second', () => {
    const event = fc.record({
      gapMs: fc.integer({ min: 0, max: 3_000 }),
      inFlight: fc.integer({ min: 0, max: 50 }),
      complains: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const concurrency = new Concurrency();
        let now = 0;
        for (const { gapMs, inFlight, complains } of events) {
          now += gapMs;
          const before = concurrency.limit;
          concurrency.started(inFlight, now);
          assert.ok((concurrency.limit ?? 0) <= (before ?? 0) + 1);
          if (complains) concurrency.throttled(inFlight, now);
          assert.ok((concurrency.limit ?? 1) >= 1);
        }
      }),
    );
  });
});
