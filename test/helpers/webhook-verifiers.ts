import OpenAI from 'openai';
import { validateWebhook } from 'replicate';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  body: string;
  headers: Record<string, string>;
}

/** A public library that receivers verify messages with. */
export interface Verifier {
  name: string;
  /** Whether it refuses what was signed long ago. */
  looksAtTime: boolean;
  accepts(message: ReceivedMessage, secret: string): Promise<boolean>;
}

const openai = new OpenAI({ apiKey: 'none' });

async function passes(verify: () => unknown): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch {
    return false;
  }
}

export const verifiers: readonly Verifier[] = [
  {
    name: 'standardwebhooks',
    looksAtTime: true,
    accepts: ({ body, headers }, secret) => passes(() => new StandardWebhook(secret).verify(body, headers)),
  },
  {
    name: 'svix',
    looksAtTime: true,
    accepts: ({ body, headers }, secret) => passes(() => new SvixWebhook(secret).verify(body, headers)),
  },
  {
    name: 'openai',
    looksAtTime: true,
    accepts: ({ body, headers }, secret) => passes(() => openai.webhooks.unwrap(body, headers, secret)),
  },
  {
    name: 'replicate',
    looksAtTime: false,
    accepts: ({ body, headers }, secret) => {
      const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
        (name) => headers[name] ?? '',
      ) as [string, string, string];
      return validateWebhook({ id, timestamp, signature, body, secret });
    },
  },
];
