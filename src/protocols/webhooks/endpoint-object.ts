import { z } from 'zod';
import { type WebhookEndpoint, webhookPayloads } from '../../core/webhook.ts';
import { maybeSeconds, seconds, time } from './fields.ts';

export const endpointSchema = z
  .object({
    id: z.string(),
    object: z.literal('webhook.endpoint'),
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(z.string()),
    payload: z.enum(webhookPayloads),
    status: z.enum(['enabled', 'disabled']),
    disabled_reason: z
      .enum(['caller', 'gone', 'failing'])
      .nullable()
      .describe('`gone`: it answered 410. `failing`: it took nothing for days.'),
    failing_since: time.nullable().describe('Since when nothing has arrived there.'),
    consecutive_failures: z.int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'WebhookEndpoint' });

export const issuedEndpointSchema = endpointSchema
  .extend({ secret: z.string().describe('What messages are signed with. Shown this once.') })
  .meta({ id: 'IssuedWebhookEndpoint' });

export function presentEndpoint(endpoint: WebhookEndpoint) {
  return {
    id: endpoint.id,
    object: 'webhook.endpoint' as const,
    url: endpoint.url,
    description: endpoint.description,
    events: [...endpoint.events],
    payload: endpoint.payload,
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    failing_since: maybeSeconds(endpoint.failingSince),
    consecutive_failures: endpoint.consecutiveFailures,
    created_at: seconds(endpoint.createdAt),
    updated_at: seconds(endpoint.updatedAt),
  };
}

export function presentIssuedEndpoint({ endpoint, secret }: { endpoint: WebhookEndpoint; secret: string }) {
  return { ...presentEndpoint(endpoint), secret };
}
