import { z } from 'zod';
import { toAmount } from '../../../core/billing/bill.ts';
import { type Model, modelTypes } from '../../../core/models.ts';

/** OpenAI's four fields, and S4's. */
export const modelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
    type: z.enum(modelTypes),
    aliases: z.array(z.string()).describe('Other names of it.'),
    max_context_length: z.int().nullable(),
    costs: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).describe('Of a million tokens.'),
  })
  .meta({ id: 'Model', description: 'A model that you may use.' });

export function presentModel(model: Model): z.input<typeof modelSchema> {
  return {
    id: model.name,
    object: 'model',
    created: Math.floor(model.createdAt / 1000),
    owned_by: model.ownedBy,
    type: model.type,
    aliases: [...model.aliases],
    max_context_length: model.maxContextLength,
    costs: {
      prompt_tokens: toAmount(model.promptPriceMicros),
      completion_tokens: toAmount(model.completionPriceMicros),
    },
  };
}
