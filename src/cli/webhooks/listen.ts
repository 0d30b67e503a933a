import { usageError } from '../cli-error.ts';
import { type CommandContext, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { receive } from './receive.ts';
import { faultOf, type Message, type Proofs } from './verify.ts';

/** What of an event is shown. */
interface Event {
  id: string;
  type: string;
  created_at: number;
  data: unknown;
}

const statuses = { taken: 204, refused: 400 } as const;

export const listen = command({
  words: 'webhooks listen',
  summary: 'Receive webhooks here and show those that are genuine',
  positionals: [],
  options: {
    port: { type: 'string', placeholder: 'PORT', description: 'Of this receiver; 4400, and 0 for a free one.' },
    host: { type: 'string', placeholder: 'HOST', description: 'The address it listens on; 127.0.0.1.' },
    secret: {
      type: 'string',
      multiple: true,
      placeholder: 'WHSEC',
      description: 'What messages are signed with, more than one during a rotation; else the public key of the API.',
    },
  },
  async run({ values }, context) {
    const proofs = await proofsOf(values.secret ?? [], context);
    const take = (message: Message) => show(message, proofs, context);
    const address = { host: values.host ?? '127.0.0.1', port: portIn(values.port ?? '4400') };
    const { url, ended } = await receive(address, take, context.signal);
    context.err.line(`Listening at ${url} for messages that are signed with ${nameOf(proofs)}.`);
    await ended;
    return exitCodes.interrupted;
  },
});

/** Without a secret, what the installation signs for everybody. */
async function proofsOf(secrets: readonly string[], { api }: CommandContext): Promise<Proofs> {
  if (secrets.length > 0) {
    const odd = secrets.find((secret) => !/^whsec_[A-Za-z0-9+/]+=*$/.test(secret));
    if (odd !== undefined) throw usageError('A secret is whsec_ and base64, as it was shown when it was made.');
    return { secrets, publicKeys: [] };
  }
  const { data } = await api.json<{ data: { public_key: string }[] }>('GET', '/v1/webhooks/keys');
  return { secrets, publicKeys: data.map(({ public_key }) => public_key) };
}

function nameOf({ secrets }: Proofs): string {
  if (secrets.length === 0) return 'the key of the API';
  return secrets.length === 1 ? 'the secret' : `one of ${secrets.length} secrets`;
}

/** Prints the event, or why it is refused; answers the status for its sender. */
function show(message: Message, proofs: Proofs, { out, err, json }: CommandContext): number {
  const fault = faultOf(message, proofs, Date.now());
  const event = fault === null ? parse(message.body) : null;
  if (event === null) {
    err.line(`${err.paint('red', 'refused')}: ${fault ?? 'it is no event in JSON'}`);
    return statuses.refused;
  }
  const time = new Date(event.created_at * 1000).toISOString();
  if (json) out.line(JSON.stringify(event));
  else {
    out.line(`${out.paint('dim', time)}  ${out.paint('bold', event.type)}  ${event.id}${attemptOf(message)}`);
    out.line(`  ${JSON.stringify(event.data)}`);
  }
  return statuses.taken;
}

function parse(body: Uint8Array): Event | null {
  try {
    const event = JSON.parse(Buffer.from(body).toString()) as Event;
    return typeof event.type === 'string' && Number.isFinite(event.created_at) ? event : null;
  } catch {
    return null;
  }
}

function attemptOf({ headers }: Message): string {
  const attempt = headers['webhook-attempt'];
  return attempt === undefined || attempt === '1' ? '' : `  attempt ${attempt}`;
}

function portIn(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`'${text}' is no port: expected a number up to 65535.`);
}
