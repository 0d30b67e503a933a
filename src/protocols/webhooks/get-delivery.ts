import { endpoint } from '../../core/endpoint.ts';
import { deliverySchema, presentDelivery } from './delivery-object.ts';
import { params } from './fields.ts';

export const getWebhookDelivery = endpoint({
  method: 'GET',
  path: '/v1/webhooks/deliveries/:id',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Read a delivery with its attempts',
  params,
  response: deliverySchema,
  verb: 'getWebhookDelivery',
  toCore: (_body, { params: { id } }) => ({ id }),
  fromCore: presentDelivery,
});
