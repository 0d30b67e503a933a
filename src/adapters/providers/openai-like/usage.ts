import type { z } from 'zod';
import { type Usage, usageOf } from '../../../core/usage.ts';
import type { chatUsage } from './chunk.ts';

/** The counts of a vendor, which are inclusive on this wire. Without any, nothing is known. */
export function toUsage(counts: z.output<typeof chatUsage> | null | undefined): Usage {
  if (!counts) return usageOf({ estimated: true });
  return usageOf({
    promptTokens: counts.prompt_tokens ?? 0,
    completionTokens: counts.completion_tokens ?? 0,
    cachedTokens: counts.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: counts.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: counts.completion_tokens_details?.reasoning_tokens ?? 0,
  });
}
