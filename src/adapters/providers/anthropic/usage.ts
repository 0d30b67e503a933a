import { type Usage, usageOf } from '../../../core/usage.ts';
import type { WireUsage } from './wire.ts';

export interface UsageCounts {
  /** False while no event has counted anything. */
  told: boolean;
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  thinking: number;
}

export const emptyCounts: UsageCounts = { told: false, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, thinking: 0 };

/** Events count from the beginning, and not every event counts everything. */
export function maxCounts(counts: UsageCounts, usage: WireUsage | undefined): UsageCounts {
  return {
    told: counts.told || usage !== undefined,
    input: Math.max(counts.input, usage?.input_tokens ?? 0),
    cacheRead: Math.max(counts.cacheRead, usage?.cache_read_input_tokens ?? 0),
    cacheWrite: Math.max(counts.cacheWrite, usage?.cache_creation_input_tokens ?? 0),
    output: Math.max(counts.output, usage?.output_tokens ?? 0),
    thinking: Math.max(counts.thinking, usage?.output_tokens_details?.thinking_tokens ?? 0),
  };
}

export function toUsage({ told, input, cacheRead, cacheWrite, output, thinking }: UsageCounts): Usage {
  if (!told) return usageOf({ estimated: true });
  return usageOf({
    promptTokens: input + cacheRead + cacheWrite,
    cachedTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    completionTokens: output,
    reasoningTokens: thinking,
  });
}
