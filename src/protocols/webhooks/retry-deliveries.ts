import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { unixSeconds } from './fields.ts';

export const retryWebhookDeliveries = endpoint({
  method: 'POST',
  path: '/v1/webhooks/deliveries/retry',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Send again what was given up in a time',
  status: 202,
  body: z.strictObject({
    endpoint_id: z
      .string()
      .nullish()
      .describe('Those to this endpoint; to all that are enabled, and to URLs of jobs, without it.'),
    since: unixSeconds,
    until: unixSeconds.nullish().describe('Not included; now without it.'),
  }),
  response: z
    .object({
      object: z.literal('webhook.retry'),
      sent: z.int().describe('How many deliveries were begun.'),
      has_more: z.boolean().describe('It was too much for one call: ask again.'),
    })
    .meta({ id: 'WebhookRetry' }),
  verb: 'retryWebhookDeliveries',
  toCore: ({ endpoint_id, since, until }) => ({
    endpointId: endpoint_id ?? null,
    since: since * 1000,
    until: until == null ? Number.MAX_SAFE_INTEGER : until * 1000,
  }),
  fromCore: ({ sent, more }) => ({ object: 'webhook.retry', sent, has_more: more }),
});
