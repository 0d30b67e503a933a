/** What a call costs. Money is whole millionths of the currency of the prices; a float never holds a sum of it. */
import type { ModelRouter } from '../models.ts';
import type { Bill, Usage } from '../usage.ts';

/** Prices of a million tokens each, in millionths of the currency. */
export interface Prices {
  promptMicros: number;
  /** Of prompt tokens that the vendor had in its cache. */
  cachedMicros: number;
  completionMicros: number;
}

/** Routers have two prices: what comes out of a vendor's cache costs as much as what does not. */
export function pricesOf(router: Pick<ModelRouter, 'promptPriceMicros' | 'completionPriceMicros'>): Prices {
  return {
    promptMicros: router.promptPriceMicros,
    cachedMicros: router.promptPriceMicros,
    completionMicros: router.completionPriceMicros,
  };
}

/**
 * Rounded once, for the whole call: half a millionth and more goes up. What a call costs is thus at most half a
 * millionth off, and what many calls cost is exactly the sum of what each of them cost.
 */
export function costMicrosOf(usage: Usage, prices: Prices): number {
  const product =
    times(usage.promptTokens - usage.cachedTokens, prices.promptMicros) +
    times(usage.cachedTokens, prices.cachedMicros) +
    times(usage.completionTokens, prices.completionMicros);
  return Number((product + million / 2n) / million);
}

const million = 1_000_000n;

/** Exact: a price times a large count is beyond what a number can hold. */
function times(tokens: number, priceMicros: number): bigint {
  return BigInt(tokens) * BigInt(Math.round(priceMicros));
}

/** An amount as dialects write it: in units of the currency. */
export function toAmount(micros: number): number {
  return micros / 1e6;
}

/** What several calls on a model cost together. None cost nothing. */
export function sumBills(bills: readonly Bill[]): Bill {
  const total = (pick: (bill: Bill) => number) => bills.reduce((sum, bill) => sum + pick(bill), 0);
  return {
    costMicros: total((bill) => bill.costMicros),
    carbon: {
      kWh: { min: total(({ carbon }) => carbon.kWh.min), max: total(({ carbon }) => carbon.kWh.max) },
      kgCO2eq: { min: total(({ carbon }) => carbon.kgCO2eq.min), max: total(({ carbon }) => carbon.kgCO2eq.max) },
    },
    requests: total((bill) => bill.requests),
  };
}
