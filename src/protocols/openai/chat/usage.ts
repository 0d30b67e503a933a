import { z } from 'zod';
import { toAmount } from '../../../core/billing/bill.ts';
import type { Bill, Usage } from '../../../core/usage.ts';
import { usageSchema } from '../usage.ts';

const { prompt_tokens, completion_tokens, total_tokens, cost, carbon, requests } = usageSchema.shape;

/** OpenAI's counts in full, and S4's additions for callers who asked. */
export const chatUsage = z.object({
  prompt_tokens,
  completion_tokens,
  total_tokens,
  prompt_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  completion_tokens_details: z.object({ reasoning_tokens: z.int() }),
  cost: cost.optional().describe('Only with include_cost or a search.'),
  carbon: carbon.optional().describe('Only with include_cost or a search.'),
  requests: requests.optional().describe('How many calls on a model it took. Only with include_cost or a search.'),
});

/** `bill` is null for callers who did not ask what it costs. */
export function presentChatUsage(usage: Usage, bill: Bill | null): z.input<typeof chatUsage> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    ...(bill && { cost: toAmount(bill.costMicros), carbon: bill.carbon, requests: bill.requests }),
  };
}
