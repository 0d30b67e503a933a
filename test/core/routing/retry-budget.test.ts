import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RetryBudget } from '../../../src/core/routing/retry-budget.ts';

const now = 1_000_000;

/** Retries that fail until there are none left. */
function failures(budget: RetryBudget, at = now): number {
  let count = 0;
  for (; budget.hasLeft(at); count += 1) budget.take(true).failed(at);
  return count;
}

describe('retry budget', () => {
  it('lets a lone request be tried again', () => {
    const budget = new RetryBudget();
    budget.requested(now);
    budget.take(false).failed(now);
    assert.equal(budget.hasLeft(now), true);
  });

  it('allows a tenth of the requests of the last ten seconds to be retried in vain, and five', () => {
    const budget = new RetryBudget();
    for (let request = 0; request < 200; request += 1) budget.requested(now);
    assert.equal(failures(budget), 25);
    assert.equal(failures(budget, now + 9_000), 0);
    assert.equal(failures(budget, now + 10_000), 5);
  });

  it('costs nothing when the retry helps', () => {
    const budget = new RetryBudget();
    for (let retry = 0; retry < 1_000; retry += 1) budget.take(true).succeeded();
    assert.equal(failures(budget), 5);
  });

  it('takes a retry to an upstream that failed for failed until it is known better', () => {
    const budget = new RetryBudget();
    const retries = Array.from({ length: 5 }, () => budget.take(true));
    assert.equal(budget.hasLeft(now), false);
    retries[0]?.succeeded();
    assert.equal(budget.hasLeft(now), true);
  });

  it('hears only the first word on a retry', () => {
    const budget = new RetryBudget();
    const retry = budget.take(true);
    retry.succeeded();
    retry.failed(now);
    retry.succeeded();
    assert.equal(failures(budget), 5);
  });

  it('keeps what an outage gets to bear below 1.1 times the requests, and five', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 20 }), (requests, gapMs) => {
        const budget = new RetryBudget();
        let attempts = 0;
        for (let request = 0; request < requests; request += 1) {
          const at = now + request * gapMs;
          budget.requested(at);
          attempts += 1;
          for (let retry = 0; retry < 2 && budget.hasLeft(at); retry += 1) {
            budget.take(true).failed(at);
            attempts += 1;
          }
        }
        const windows = Math.ceil((requests * gapMs + 1) / 10_000) + 1;
        assert.ok(attempts <= requests * 1.1 + 5 * windows, `${attempts} for ${requests}`);
      }),
      { numRuns: 50 },
    );
  });
});
