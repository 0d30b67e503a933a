import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createWebhookSigner } from '../../../src/adapters/secrets/webhook-signer.ts';
import type { JobResult } from '../../../src/core/job.ts';
import { webhookEventTypes } from '../../../src/core/webhooks/filter.ts';
import { renderMessage } from '../../../src/core/webhooks/message.ts';
import { webhookHeaders } from '../../../src/core/webhooks/signature.ts';
import { type ReceivedMessage, verifiers } from '../../helpers/webhook-verifiers.ts';
import { buildWebhookEvent } from '../../helpers/webhooks.ts';

/** `WEBHOOK_MESSAGES=10000` is what docs/fault-proof.md speaks of. */
const runs = Number(process.env['WEBHOOK_MESSAGES'] ?? 1_000);
const secondsNow = () => Math.floor(Date.now() / 1_000);
const newKey = () => randomBytes(32).toString('base64url');

const signer = createWebhookSigner({ current: newKey(), old: [] });
const [oldSecret, newSecret] = [signer.newSecret(), signer.newSecret()];

interface Sent {
  message: ReceivedMessage;
  id: string;
}

function send(id: string, body: string, timestamp: number, secrets: readonly string[]): Sent {
  const proof = signer.sign({ id, timestamp, body: Buffer.from(body), secrets });
  return { message: { body, headers: webhookHeaders(proof, 1) }, id };
}

/** Any text: every plane of Unicode, NUL, halves of pairs. */
const text = fc.string({ unit: 'binary', maxLength: 60 });

/** Now and then one of 256 KiB, which is what a message may bring at most. */
const result = fc.oneof(
  { weight: 3_000, arbitrary: fc.constant(null) },
  { weight: 1_000, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom('x', '\u0000', '€', '😀').map((unit) => unit.repeat(40_000)) },
  { weight: 1, arbitrary: fc.constant('x'.repeat(256 * 1_024 - 100)) },
);

/** What is sent of an event of any type, as it is sent. */
const bodies = fc
  .record({
    type: fc.constantFrom(...webhookEventTypes),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
    result,
  })
  .map(({ type, labels, result: body }) => {
    const event = buildWebhookEvent({ type, data: { id: 'job_1', result_url: '/', metadata: labels } });
    const whole: JobResult | null = body === null ? null : { statusCode: 200, headers: {}, body, bodyBlob: null };
    return { id: event.id, body: renderMessage(event, whole) };
  });

const mutations = fc.oneof(
  fc.record({ kind: fc.constant('body' as const), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('id' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('timestamp' as const), by: fc.constantFrom(-200, -1, 1, 200) }),
  fc.record({ kind: fc.constant('signature' as const), at: fc.nat({ max: 41 }) }),
  fc.record({ kind: fc.constant('secret' as const) }),
  fc.record({ kind: fc.constant('time' as const), by: fc.constantFrom(-86_400, -320, 320, 86_400) }),
);
type Mutation = typeof mutations extends fc.Arbitrary<infer M> ? M : never;

const other = (character: string | undefined) => (character === 'A' ? 'B' : 'A');
const replaceAt = (whole: string, at: number) => `${whole.slice(0, at)}${other(whole[at])}${whole.slice(at + 1)}`;

/** The message with one thing wrong about it. */
function mutate({ id, body }: { id: string; body: string }, mutation: Mutation): ReceivedMessage {
  const timestamp = secondsNow();
  const signedAt = mutation.kind === 'time' ? timestamp + mutation.by : timestamp;
  const { message } = send(id, body, signedAt, [oldSecret]);
  const { headers } = message;
  if (mutation.kind === 'body') {
    const bytes = Buffer.from(body);
    const at = mutation.at % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ mutation.by;
    return { headers, body: bytes.toString() };
  }
  if (mutation.kind === 'id')
    return { body, headers: { ...headers, 'webhook-id': replaceAt(id, mutation.at % id.length) } };
  if (mutation.kind === 'timestamp') {
    return { body, headers: { ...headers, 'webhook-timestamp': String(timestamp + mutation.by) } };
  }
  if (mutation.kind === 'signature') {
    const signature = replaceAt(headers['webhook-signature'] ?? '', 'v1,'.length + mutation.at);
    return { body, headers: { ...headers, 'webhook-signature': signature } };
  }
  return message;
}

describe('messages', () => {
  it(`are accepted by every public verifier, before, during and after a rotation: ${runs} of them`, async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.constantFrom('before', 'during', 'after'), async ({ id, body }, phase) => {
        const live = { before: [oldSecret], during: [newSecret, oldSecret], after: [newSecret] }[phase];
        const { message } = send(id, body, secondsNow(), live);
        for (const verifier of verifiers) {
          for (const secret of [oldSecret, newSecret]) {
            const isAccepted = await verifier.accepts(message, secret);
            assert.equal(isAccepted, live.includes(secret), `${verifier.name} ${phase} a rotation`);
          }
        }
      }),
      { numRuns: runs },
    );
  });

  it(`are refused by every public verifier with one thing wrong about them: ${runs} of them`, async () => {
    await fc.assert(
      fc.asyncProperty(bodies, mutations, async (sent, mutation) => {
        const mutated = mutate(sent, mutation);
        const secret = mutation.kind === 'secret' ? newSecret : oldSecret;
        for (const { name, looksAtTime, accepts } of verifiers) {
          const isBlind = mutation.kind === 'time' && !looksAtTime;
          assert.equal(await accepts(mutated, secret), isBlind, `${name}, ${mutation.kind}`);
        }
      }),
      { numRuns: runs },
    );
  });

  it('carry an ed25519 signature that the published key verifies, and no other key', () => {
    const [published, stranger] = [signer, createWebhookSigner({ current: newKey(), old: [] })].map(publicKeyOf);
    fc.assert(
      fc.property(bodies, ({ id, body }) => {
        const { message } = send(id, body, 1_763_700_000, [oldSecret]);
        const content = Buffer.from(`${id}.1763700000.${body}`);
        const signature = signaturesOf(message, 'v1a').map((encoded) => Buffer.from(encoded, 'base64'));
        assert.equal(signature.length, 1);
        const [bytes = Buffer.alloc(0)] = signature;
        assert.ok(published && stranger);
        assert.equal(verify(null, content, published, bytes), true);
        assert.equal(verify(null, content, stranger, bytes), false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is signed', () => {
  it('can be taken apart at its first two dots: neither id nor time has one', () => {
    const { id, message } = send(buildWebhookEvent().id, '{"a":"1.2"}', secondsNow(), [oldSecret]);
    assert.match(`${id}.${message.headers['webhook-timestamp']}`, /^[^.]+\.\d+$/);
  });
});

describe('keys of the installation', () => {
  it('are the same for every process that shares its secret', () => {
    const keys = { current: newKey(), old: [newKey()] };
    assert.deepEqual(createWebhookSigner(keys).publicKeys(), createWebhookSigner(keys).publicKeys());
  });

  it('sign side by side while an old secret is configured', () => {
    const [before, now] = [newKey(), newKey()];
    const [old] = createWebhookSigner({ current: before, old: [] }).publicKeys();
    const rotated = createWebhookSigner({ current: now, old: [before] });
    assert.deepEqual(
      rotated.publicKeys().map(({ status }) => status),
      ['current', 'retiring'],
    );
    assert.equal(rotated.publicKeys()[1]?.publicKey, old?.publicKey);
    const { signature } = rotated.sign({ id: 'evt_1', timestamp: 1, body: Buffer.from('{}'), secrets: [] });
    assert.equal(signature.split(' ').filter((each) => each.startsWith('v1a,')).length, 2);
  });
});

describe('secrets', () => {
  it('are 32 random bytes in standard base64', () => {
    const made = Array.from({ length: 1_000 }, () => signer.newSecret());
    assert.equal(new Set(made).size, made.length);
    for (const secret of made) {
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
      assert.equal(Buffer.from(secret.slice('whsec_'.length), 'base64').length, 32);
    }
  });
});

function publicKeyOf({ publicKeys }: typeof signer) {
  const [{ publicKey } = { publicKey: '' }] = publicKeys();
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function signaturesOf({ headers }: ReceivedMessage, version: string): string[] {
  const listed = (headers['webhook-signature'] ?? '').split(' ').map((each) => each.split(','));
  return listed.filter(([named]) => named === version).map(([, encoded = '']) => encoded);
}
