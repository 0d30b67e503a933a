import { endpoint } from '../../core/endpoint.ts';
import { deliverySchema, presentDelivery } from './delivery-object.ts';
import { params } from './fields.ts';

export const testWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/v1/webhooks/endpoints/:id/test',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Send an `endpoint.test` event to this endpoint',
  status: 202,
  params,
  response: deliverySchema,
  verb: 'testWebhookEndpoint',
  toCore: (_body, { params: { id } }) => ({ id }),
  fromCore: presentDelivery,
});
