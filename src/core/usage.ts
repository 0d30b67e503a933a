/**
 * What a call consumed. Totals are inclusive: cached and cache-written tokens are part of the prompt tokens, reasoning
 * tokens are part of the completion tokens. Vendors that count otherwise are converted where they are read.
 */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Read from the vendor's cache; at most `promptTokens` together with `cacheWriteTokens`. */
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  /** At most `completionTokens`. */
  readonly reasoningTokens: number;
  /** Counted by us because the vendor gave no number. */
  readonly estimated: boolean;
}

/** Only this makes a `Usage`: counts become whole, not negative, and no part is larger than its whole. */
export function usageOf(counts: Partial<Usage>): Usage {
  const promptTokens = whole(counts.promptTokens);
  const completionTokens = whole(counts.completionTokens);
  const cachedTokens = Math.min(whole(counts.cachedTokens), promptTokens);
  return {
    promptTokens,
    completionTokens,
    cachedTokens,
    cacheWriteTokens: Math.min(whole(counts.cacheWriteTokens), promptTokens - cachedTokens),
    reasoningTokens: Math.min(whole(counts.reasoningTokens), completionTokens),
    estimated: counts.estimated ?? false,
  };
}

/** The consumption of several calls on a model as one; an estimate in it makes the sum one. */
export function sumUsage(usages: readonly Usage[]): Usage {
  const total = (key: keyof Omit<Usage, 'estimated'>) => usages.reduce((sum, usage) => sum + usage[key], 0);
  return usageOf({
    promptTokens: total('promptTokens'),
    completionTokens: total('completionTokens'),
    cachedTokens: total('cachedTokens'),
    cacheWriteTokens: total('cacheWriteTokens'),
    reasoningTokens: total('reasoningTokens'),
    estimated: usages.some((usage) => usage.estimated),
  });
}

function whole(count: number | undefined): number {
  return count !== undefined && Number.isFinite(count) && count > 0 ? Math.round(count) : 0;
}

export interface Range {
  min: number;
  max: number;
}

/** What a call costs its caller, beside its tokens. */
export interface Bill {
  /** Millionths of the currency that the router's prices are in. */
  costMicros: number;
  carbon: { kWh: Range; kgCO2eq: Range };
  /** How many calls on a model it took. */
  requests: number;
}
