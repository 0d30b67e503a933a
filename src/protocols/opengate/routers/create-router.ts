import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { aliases, modelType, newRouter, presentNewRouter, price, routerName, strategy, toMicros } from './router.ts';

export const createRouter = endpoint({
  method: 'POST',
  path: '/v1/admin/routers',
  permission: 'admin',
  summary: 'Create a model: a router, to which providers are added',
  tag: 'Admin',
  status: 201,
  body: z.looseObject({
    name: routerName,
    type: modelType,
    aliases: aliases.default([]),
    load_balancing_strategy: strategy.default('shuffle'),
    cost_prompt_tokens: price.default(0),
    cost_completion_tokens: price.default(0),
  }),
  response: newRouter,
  verb: 'createRouter',
  toCore: (body) => ({
    name: body.name,
    type: body.type,
    aliases: body.aliases,
    strategy: body.load_balancing_strategy,
    promptPriceMicros: toMicros(body.cost_prompt_tokens),
    completionPriceMicros: toMicros(body.cost_completion_tokens),
  }),
  fromCore: presentNewRouter,
});
