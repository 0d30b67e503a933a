import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { vendorNames } from '../../../core/models.ts';
import { bodyId, text } from '../fields.ts';
import { hasQosLimit, newProvider, noQosLimit, presentNewProvider, settings } from './provider.ts';

export const createProvider = endpoint({
  method: 'POST',
  path: '/v1/admin/providers',
  permission: 'admin',
  summary: 'Put a deployment of a model behind a router',
  tag: 'Admin',
  status: 201,
  body: z
    .looseObject({
      router: bodyId.describe('The router ID.'),
      type: z.enum(vendorNames).describe('Who runs the model.'),
      url: text.nullish().describe("Address without /v1; the vendor's own unless given."),
      key: text.nullish().describe('Stored sealed and never shown again.'),
      model_name: text.describe("The model's name at the vendor."),
      timeout: settings.timeout.default(300),
      model_hosting_zone: settings.model_hosting_zone.default('WOR'),
      model_total_params: settings.model_total_params.default(0),
      model_active_params: settings.model_active_params.default(0),
      qos_metric: settings.qos_metric.nullish(),
      qos_limit: settings.qos_limit.nullish(),
    })
    .refine(hasQosLimit, noQosLimit),
  response: newProvider,
  verb: 'createProvider',
  toCore: (body) => ({
    routerId: body.router,
    vendor: body.type,
    url: body.url ?? null,
    key: body.key ?? null,
    modelName: body.model_name,
    timeoutMs: body.timeout * 1000,
    hostingZone: body.model_hosting_zone,
    totalParams: body.model_total_params,
    activeParams: body.model_active_params,
    qosMetric: body.qos_metric ?? null,
    qosLimit: body.qos_limit ?? null,
  }),
  fromCore: presentNewProvider,
});
