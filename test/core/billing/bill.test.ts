import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { costMicrosOf, pricesOf, sumBills } from '../../../src/core/billing/bill.ts';
import { type Bill, usageOf } from '../../../src/core/usage.ts';

const prices = pricesOf({ promptPriceMicros: 2_500_000, completionPriceMicros: 10_000_000 });

describe('the cost of a call', () => {
  it('is the tokens at the price of a million each', () => {
    assert.equal(costMicrosOf(usageOf({ promptTokens: 1_000, completionTokens: 200 }), prices), 4_500);
  });

  it('is nothing where nothing was consumed', () => {
    assert.equal(costMicrosOf(usageOf({}), prices), 0);
  });

  it('is rounded once for the whole call, half a millionth up', () => {
    const cheap = pricesOf({ promptPriceMicros: 250_000, completionPriceMicros: 250_000 });
    assert.equal(costMicrosOf(usageOf({ promptTokens: 1 }), cheap), 0);
    assert.equal(costMicrosOf(usageOf({ promptTokens: 1, completionTokens: 1 }), cheap), 1);
  });

  it('can tell cached tokens from others', () => {
    const usage = usageOf({ promptTokens: 1_000, cachedTokens: 400 });
    assert.equal(costMicrosOf(usage, { ...prices, cachedMicros: 250_000 }), 1_600);
    assert.equal(costMicrosOf(usage, prices), 2_500);
  });

  it('is exact where a product is beyond what a number holds', () => {
    const dear = pricesOf({ promptPriceMicros: 999_999_999, completionPriceMicros: 0 });
    assert.equal(costMicrosOf(usageOf({ promptTokens: 999_999_999 }), dear), 999_999_998_000);
  });

  it('is a whole number at most half a millionth off', () => {
    const amount = fc.nat(1_000_000);
    fc.assert(
      fc.property(amount, amount, amount, amount, (promptTokens, completionTokens, promptPriceMicros, other) => {
        const cost = costMicrosOf(
          usageOf({ promptTokens, completionTokens }),
          pricesOf({ promptPriceMicros, completionPriceMicros: other }),
        );
        const exact = promptTokens * promptPriceMicros + completionTokens * other;
        assert.ok(Number.isInteger(cost));
        assert.ok(Math.abs(cost * 1_000_000 - exact) <= 500_000);
      }),
    );
  });
});

describe('the bill of several calls', () => {
  const bill: Bill = {
    costMicros: 3,
    carbon: { kWh: { min: 1, max: 2 }, kgCO2eq: { min: 0.25, max: 0.5 } },
    requests: 1,
  };

  it('is the sum of theirs', () => {
    assert.deepEqual(sumBills([bill, bill]), {
      costMicros: 6,
      carbon: { kWh: { min: 2, max: 4 }, kgCO2eq: { min: 0.5, max: 1 } },
      requests: 2,
    });
  });

  it('is nothing for none', () => {
    assert.deepEqual(sumBills([]), {
      costMicros: 0,
      carbon: { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } },
      requests: 0,
    });
  });
});
