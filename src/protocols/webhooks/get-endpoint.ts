import { endpoint } from '../../core/endpoint.ts';
import { endpointSchema, presentEndpoint } from './endpoint-object.ts';
import { params } from './fields.ts';

export const getWebhookEndpoint = endpoint({
  method: 'GET',
  path: '/v1/webhooks/endpoints/:id',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Read an endpoint; its secret is not shown again',
  params,
  response: endpointSchema,
  verb: 'getWebhookEndpoint',
  toCore: (_body, { params: { id } }) => ({ id }),
  fromCore: presentEndpoint,
});
