import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import type { ProviderChanges } from '../../../core/models.ts';
import { bodyId, text } from '../fields.ts';
import { hasQosLimit, noQosLimit, providerParams, settings } from './provider.ts';

const body = z
  .looseObject({
    router: bodyId.nullish().describe('The ID of the router to put it behind.'),
    key: text.nullish().describe('A new key; the stored one is never shown.'),
    timeout: settings.timeout.nullish(),
    model_hosting_zone: settings.model_hosting_zone.nullish(),
    model_total_params: settings.model_total_params.nullish(),
    model_active_params: settings.model_active_params.nullish(),
    qos_metric: settings.qos_metric.nullish().describe('Null takes the bound away, with its limit.'),
    qos_limit: settings.qos_limit.nullish(),
  })
  .refine(hasQosLimit, noQosLimit);

export const updateProvider = endpoint({
  method: 'PATCH',
  path: '/v1/admin/providers/:provider_id',
  permission: 'providers',
  summary: 'Change a provider; what is left out stays as it is',
  tag: 'Admin',
  status: 204,
  params: providerParams,
  body,
  response: null,
  verb: 'updateProvider',
  toCore: (changes, { params }) => ({ id: params.provider_id, changes: toChanges(changes) }),
  fromCore: () => undefined,
});

function toChanges(given: z.output<typeof body>): ProviderChanges {
  return {
    ...(given.router != null && { routerId: given.router }),
    ...(given.key != null && { key: given.key }),
    ...(given.timeout != null && { timeoutMs: given.timeout * 1000 }),
    ...(given.model_hosting_zone != null && { hostingZone: given.model_hosting_zone }),
    ...(given.model_total_params != null && { totalParams: given.model_total_params }),
    ...(given.model_active_params != null && { activeParams: given.model_active_params }),
    ...(given.qos_metric !== undefined && { qosMetric: given.qos_metric }),
    ...(given.qos_metric === null && { qosLimit: null }),
    ...(given.qos_limit !== undefined && { qosLimit: given.qos_limit }),
  };
}
