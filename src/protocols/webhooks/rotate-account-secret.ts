import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { overlapMsOf, rotation } from './overlap.ts';

export const rotateAccountWebhookSecret = endpoint({
  method: 'POST',
  path: '/v1/webhooks/secret/rotate',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Make the secret that signs messages to the URLs of jobs, or a new one; it is shown this once',
  body: rotation,
  response: z
    .object({ object: z.literal('webhook.secret'), secret: z.string() })
    .meta({ id: 'WebhookSecret', description: 'What messages are signed with. Shown this once.' }),
  verb: 'rotateAccountWebhookSecret',
  toCore: (body) => ({ overlapMs: overlapMsOf(body) }),
  fromCore: ({ secret }) => ({ object: 'webhook.secret', secret }),
});
