import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import type { RouterChanges } from '../../../core/models.ts';
import { aliases, modelType, price, routerName, routerParams, strategy, toMicros } from './router.ts';

const body = z.looseObject({
  name: routerName.nullish(),
  type: modelType.nullish(),
  aliases: aliases.nullish().describe('Replaces all of them.'),
  load_balancing_strategy: strategy.nullish(),
  cost_prompt_tokens: price.nullish(),
  cost_completion_tokens: price.nullish(),
});

export const updateRouter = endpoint({
  method: 'PATCH',
  path: '/v1/admin/routers/:router_id',
  permission: 'admin',
  summary: 'Change a router; what is null or left out stays as it is',
  tag: 'Admin',
  status: 204,
  params: routerParams,
  body,
  response: null,
  verb: 'updateRouter',
  toCore: (changes, { params }) => ({ id: params.router_id, changes: toChanges(changes) }),
  fromCore: () => undefined,
});

function toChanges(given: z.output<typeof body>): RouterChanges {
  return {
    ...(given.name != null && { name: given.name }),
    ...(given.type != null && { type: given.type }),
    ...(given.aliases != null && { aliases: given.aliases }),
    ...(given.load_balancing_strategy != null && { strategy: given.load_balancing_strategy }),
    ...(given.cost_prompt_tokens != null && { promptPriceMicros: toMicros(given.cost_prompt_tokens) }),
    ...(given.cost_completion_tokens != null && { completionPriceMicros: toMicros(given.cost_completion_tokens) }),
  };
}
