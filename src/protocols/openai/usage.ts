import { z } from 'zod';
import type { Usage } from '../../core/usage.ts';

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

/** The models there are cost nothing and state no consumption. */
export function presentUsage(usage: Usage): z.input<typeof usageSchema> {
  const none = { min: 0, max: 0 };
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    cost: 0,
    carbon: { kWh: none, kgCO2eq: none },
    requests: 1,
  };
}
