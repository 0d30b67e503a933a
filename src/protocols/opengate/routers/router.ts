import { z } from 'zod';
import { loadBalancingStrategies, type ModelRouter, modelTypes } from '../../../core/models.ts';
import { pathId, text, toSeconds } from '../fields.ts';

export const modelType = z.enum(modelTypes).describe('What the model does, and so at which endpoints it answers.');
export const strategy = z.enum(loadBalancingStrategies).describe('How one of its providers is chosen for a call.');
export const aliases = z
  .array(z.string().trim().min(1).max(64))
  .max(100)
  .transform((names) => [...new Set(names)])
  .describe('Other names that callers may use. No two models share a name or an alias.');

const micros = 1_000_000;

/** A price of a million tokens, kept in millionths. */
export const price = z.number().min(0).max(1e9).describe('Cost of a million tokens.');
export const toMicros = (amount: number) => Math.round(amount * micros);

export const newRouter = z.object({
  id: z.int(),
  name: z.string(),
  type: z.enum(modelTypes),
  aliases: z.array(z.string()),
  load_balancing_strategy: z.enum(loadBalancingStrategies),
  cost_prompt_tokens: z.number(),
  cost_completion_tokens: z.number(),
});

export const router = newRouter.extend({
  object: z.literal('router'),
  user_id: z.int().describe('Who made it; 0 for the master key and the configuration.'),
  vector_size: z.int().nullable(),
  max_context_length: z.int().nullable(),
  providers: z.int().describe('How many it has.'),
  created: z.int(),
  updated: z.int(),
});

export function presentNewRouter(stored: ModelRouter): z.input<typeof newRouter> {
  return {
    id: stored.id,
    name: stored.name,
    type: stored.type,
    aliases: [...stored.aliases],
    load_balancing_strategy: stored.strategy,
    cost_prompt_tokens: stored.promptPriceMicros / micros,
    cost_completion_tokens: stored.completionPriceMicros / micros,
  };
}

export function presentRouter(stored: ModelRouter): z.input<typeof router> {
  return {
    object: 'router',
    ...presentNewRouter(stored),
    user_id: stored.ownerId ?? 0,
    vector_size: stored.vectorSize,
    max_context_length: stored.maxContextLength,
    providers: stored.providers.length,
    created: toSeconds(stored.createdAt),
    updated: toSeconds(stored.updatedAt),
  };
}

export const routerParams = z.object({ router_id: pathId });
export const routerName = text.max(255).describe('The name by which callers ask for the model.');
