import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import type { WebhookEndpointChanges } from '../../core/webhook.ts';
import { receiverFields } from '../jobs/webhook.ts';
import { endpointSchema, presentEndpoint } from './endpoint-object.ts';
import { params } from './fields.ts';

const { url, events, payload, description } = receiverFields;

const body = z.strictObject({
  url: url.optional(),
  events: events.optional(),
  payload: payload.optional(),
  description: description.optional(),
  status: z.enum(['enabled', 'disabled']).optional().describe('Enabling forgets earlier failures.'),
});

export const updateWebhookEndpoint = endpoint({
  method: 'PATCH',
  path: '/v1/webhooks/endpoints/:id',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Change an endpoint; what is left out stays as it is',
  params,
  body,
  response: endpointSchema,
  verb: 'updateWebhookEndpoint',
  toCore: (changes, { params: { id } }) => ({ id, changes: toChanges(changes) }),
  fromCore: presentEndpoint,
});

function toChanges(given: z.output<typeof body>): WebhookEndpointChanges {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named);
}
