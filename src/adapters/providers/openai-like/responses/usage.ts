import type { z } from 'zod';
import { type Usage, usageOf } from '../../../../core/usage.ts';
import type { responseUsage } from './event.ts';

/** The counts of a vendor, which are inclusive on this wire. Without any, nothing is known. */
export function toUsage(counts: z.output<typeof responseUsage> | null | undefined): Usage {
  if (!counts) return usageOf({ estimated: true });
  return usageOf({
    promptTokens: counts.input_tokens ?? 0,
    completionTokens: counts.output_tokens ?? 0,
    cachedTokens: counts.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: counts.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: counts.output_tokens_details?.reasoning_tokens ?? 0,
  });
}
