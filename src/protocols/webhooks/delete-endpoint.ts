import { endpoint } from '../../core/endpoint.ts';
import { params } from './fields.ts';

export const deleteWebhookEndpoint = endpoint({
  method: 'DELETE',
  path: '/v1/webhooks/endpoints/:id',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Delete an endpoint; what is under way to it is given up',
  status: 204,
  params,
  response: null,
  verb: 'deleteWebhookEndpoint',
  toCore: (_body, { params: { id } }) => ({ id }),
  fromCore: () => null,
});
