/** A receiver of webhooks over real HTTP: answers by script, and keeps every message word for word. */
import { Webhook } from 'standardwebhooks';
import { type Asked, type Respond, type Script, startFakeUpstream } from './fake-upstream.ts';

export interface ReceivedWebhook {
  /** The event's, from the header. */
  id: string;
  /** From 1. */
  attempt: number;
  type: string;
  data: Record<string, unknown>;
  path: string;
  headers: Record<string, string>;
  text: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export interface WebhookReceiver {
  /** An address of this receiver; `path` tells endpoints apart. */
  urlOf(path: string): string;
  /** All messages, or those of a path, in the order of their arrival. */
  messages(path?: string): ReceivedWebhook[];
  /** What the next messages are answered, one each, before `respond` is asked. */
  next(...scripts: readonly Script[]): void;
  respond(how: Respond | Script): void;
  reset(): void;
  close(): Promise<void>;
}

const accepted: Script = { status: 204 };

export async function startWebhookReceiver(first: Respond | Script = accepted): Promise<WebhookReceiver> {
  const server = await startFakeUpstream(first);
  return {
    urlOf: (path) => new URL(path, server.url).href,
    messages: (path) =>
      server.ledger.filter((asked) => path === undefined || asked.path === `/${path}`).map(toReceived),
    next: server.next,
    respond: server.respond,
    reset: server.reset,
    close: server.close,
  };
}

/** The messages that a fake upstream was sent at an address. */
export function webhooksIn(ledger: readonly Asked[], url: string): ReceivedWebhook[] {
  const { pathname } = new URL(url);
  return ledger.filter(({ path }) => path === pathname).map(toReceived);
}

/** Throws unless the message is signed with `secret`, as the library of Standard Webhooks sees it. */
export function verifyWebhook({ text, headers }: ReceivedWebhook, secret: string): void {
  new Webhook(secret).verify(text, headers);
}

function toReceived({ headers, text, json, path, at }: Asked): ReceivedWebhook {
  const { type, data } = json as Pick<ReceivedWebhook, 'type' | 'data'>;
  const texts = headers as Record<string, string>;
  return {
    id: texts['webhook-id'] ?? '',
    attempt: Number(texts['webhook-attempt']),
    type,
    data,
    path,
    headers: texts,
    text,
    at,
  };
}
