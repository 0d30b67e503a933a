import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { maybeSeconds, params, unixSeconds } from './fields.ts';

export const recoverWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/v1/webhooks/endpoints/:id/recover',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Send everything since a time that has not arrived at this endpoint',
  status: 202,
  params,
  body: z.strictObject({ since: unixSeconds }),
  response: z
    .object({
      object: z.literal('webhook.recovery'),
      sent: z.int().describe('How many deliveries were begun.'),
      next_since: z.int().nullable().describe('Recover from here next: it was too much for one call.'),
    })
    .meta({ id: 'WebhookRecovery' }),
  verb: 'recoverWebhookEndpoint',
  toCore: ({ since }, { params: { id } }) => ({ id, since: since * 1000 }),
  fromCore: ({ sent, next }) => ({ object: 'webhook.recovery', sent, next_since: maybeSeconds(next) }),
});
