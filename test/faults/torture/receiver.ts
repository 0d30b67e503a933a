/** Where the webhooks of the run arrive: a receiver that often refuses, hangs up or dawdles, and keeps what came. */
import { Webhook } from 'standardwebhooks';
import { type Asked, type Script, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { hash } from './random.ts';

export interface ReceivedMessage {
  owner: number;
  /** The event's: the same on every copy. */
  id: string;
  type: string;
  /** What it is about, e.g. a job's id. */
  subject: string;
  at: number;
  /** Answered with 2xx. */
  isAccepted: boolean;
  isSigned: boolean;
}

export interface TortureReceiver {
  port: number;
  messages(secrets: readonly string[]): ReceivedMessage[];
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

export function pathOf(owner: number): string {
  return `/tenant-${owner}`;
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
  secrets: readonly string[],
): ReceivedMessage {
  const owner = Number(path.split('-').at(-1));
  const { type, data } = json as { type: string; data: { id?: string } };
  return {
    owner,
    id: String(headers['webhook-id']),
    type,
    subject: data.id ?? '',
    at,
    isAccepted: status >= 200 && status < 300,
    isSigned: verifies(text, headers as Record<string, string>, secrets[owner] ?? '', new Date(at)),
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
