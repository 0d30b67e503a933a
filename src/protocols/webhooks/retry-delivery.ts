import { endpoint } from '../../core/endpoint.ts';
import { deliverySchema, presentDelivery } from './delivery-object.ts';
import { params } from './fields.ts';

export const retryWebhookDelivery = endpoint({
  method: 'POST',
  path: '/v1/webhooks/deliveries/:id/retry',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Send an event to its receiver again, under the same id; at once when that was planned for later',
  status: 202,
  params,
  response: deliverySchema,
  verb: 'retryWebhookDelivery',
  toCore: (_body, { params: { id } }) => ({ id }),
  fromCore: presentDelivery,
});
