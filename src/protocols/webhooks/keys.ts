import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import type { WebhookKey } from '../../core/webhook.ts';

const keysSchema = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('webhook.key'),
        version: z.literal('v1a').describe('The signatures that it verifies.'),
        algorithm: z.literal('ed25519'),
        public_key: z.string().describe('`whpk_` and base64 of the 32 bytes.'),
        status: z.enum(['current', 'retiring']),
      }),
    ),
  })
  .meta({ id: 'WebhookKeys', description: 'With which anybody can verify who signed a message.' });

/** Public: who verifies messages need not have an account. */
const shared = {
  method: 'GET',
  permission: 'public',
  tag: 'Webhooks',
  summary: 'The public keys that messages are signed for',
  response: keysSchema,
  verb: 'listWebhookKeys',
  toCore: () => ({}),
} as const;

export const listWebhookKeys = endpoint({ ...shared, path: '/v1/webhooks/keys', fromCore: present });
export const wellKnownWebhookKeys = endpoint({ ...shared, path: '/.well-known/webhooks', fromCore: present });

function present(keys: readonly WebhookKey[]) {
  return {
    object: 'list' as const,
    data: keys.map(({ publicKey, status }) => ({
      object: 'webhook.key' as const,
      version: 'v1a' as const,
      algorithm: 'ed25519' as const,
      public_key: publicKey,
      status,
    })),
  };
}
