/** Where the webhooks of the run arrive: a receiver that often refuses, hangs up or dawdles, and keeps what came. */
import { Webhook } from 'standardwebhooks';
import { type Asked, type Script, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { hash } from './random.ts';

export interface ReceivedMessage {
  owner: number;
  /** The operation that named this address for its own job; null where it came to the tenant's endpoint. */
  hook: string | null;
  /** The event's: the same on every copy. */
  id: string;
  type: string;
  /** The job it is about. */
  subject: string;
  at: number;
  /** Answered with 2xx. */
  isAccepted: boolean;
  isSigned: boolean;
}

export interface TenantSecrets {
  /** Of the tenant's endpoint. */
  webhookSecret: string;
  /** Of the account, for the addresses that its jobs name. */
  accountSecret: string;
}

export interface TortureReceiver {
  port: number;
  /** Signed with the secrets of each tenant. */
  messages(secrets: readonly TenantSecrets[]): ReceivedMessage[];
  close(): Promise<void>;
}

/** The last of the first few attempts at the latest is taken. */
const patience = 3;

export async function startReceiver(): Promise<TortureReceiver> {
  const answered = new Map<Asked, number>();
  const server = await startFakeUpstream((asked) => {
    const script = answerTo(asked);
    answered.set(asked, typeof script === 'string' ? 0 : (script.status ?? 200));
    return script;
  });
  return {
    port: Number(new URL(server.url).port),
    messages: (secrets) => server.ledger.map((asked) => toMessage(asked, answered.get(asked) ?? 0, secrets)),
    close: server.close,
  };
}

export function endpointPath(owner: number): string {
  return `/endpoints/${owner}`;
}

export function hookPath(owner: number, operation: string): string {
  return `/hooks/${owner}/${operation}`;
}

function answerTo({ headers }: Asked): Script {
  const attempt = Number(headers['webhook-attempt'] ?? 1);
  const chance = hash(`${String(headers['webhook-id'])}:${attempt}`) % 20;
  if (attempt > patience || chance > 4) return { status: 204 };
  if (chance > 2) return { status: 500 };
  if (chance > 1) return 'reset';
  return chance === 1 ? { status: 200, body: [{ afterMs: 400 }, 'late'] } : 'silence';
}

function toMessage(
  { path, headers, text, json, at }: Asked,
  status: number,
  secrets: readonly TenantSecrets[],
): ReceivedMessage {
  const [, , tenant, hook = null] = path.split('/');
  const owner = Number(tenant);
  const secret = hook === null ? secrets[owner]?.webhookSecret : secrets[owner]?.accountSecret;
  const { type, data } = json as { type: string; data: { id?: string } };
  return {
    owner,
    hook,
    id: String(headers['webhook-id']),
    type,
    // A batch goes by an id of its own, of which only the first word is another.
    subject: (data.id ?? '').replace(/^batch_/, 'job_'),
    at,
    isAccepted: status >= 200 && status < 300,
    isSigned: verifies(text, headers as Record<string, string>, secret ?? '', new Date(at)),
  };
}

/** By the library of Standard Webhooks, whose clock is that of the receiver. */
function verifies(text: string, headers: Record<string, string>, secret: string, receivedAt: Date): boolean {
  const signedAt = Number(headers['webhook-timestamp']) * 1_000;
  if (Math.abs(receivedAt.getTime() - signedAt) > 300_000) return false;
  try {
    const expected = new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(signedAt), text);
    return (headers['webhook-signature'] ?? '').split(' ').includes(expected);
  } catch {
    return false;
  }
}
