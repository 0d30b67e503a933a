import { z } from 'zod';
import { toAmount } from '../../core/billing/bill.ts';
import type { Bill, Usage } from '../../core/usage.ts';

const range = z.object({ min: z.number(), max: z.number() });

/** OpenAI's counts, and what S4 adds to them. */
export const usageSchema = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  cost: z.number(),
  carbon: z.object({ kWh: range, kgCO2eq: range }),
  requests: z.int().describe('How many calls on a model it took.'),
});

export function presentUsage(usage: Usage, bill: Bill): z.input<typeof usageSchema> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: toAmount(bill.costMicros),
    carbon: bill.carbon,
    requests: bill.requests,
  };
}
