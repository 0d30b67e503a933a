import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createWebhookSigner } from '../../../src/adapters/secrets/webhook-signer.ts';
import { commands } from '../../../src/cli/commands.ts';
import { exitCodes } from '../../../src/cli/exit-codes.ts';
import { runCli } from '../../../src/cli/run.ts';
import type { Terminal } from '../../../src/cli/terminal/terminal.ts';
import { renderMessage } from '../../../src/core/webhooks/message.ts';
import { webhookHeaders } from '../../../src/core/webhooks/signature.ts';
import { listWebhookKeys } from '../../../src/protocols/webhooks/keys.ts';
import { startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { buildWebhookEvent } from '../../helpers/webhooks.ts';

const signer = createWebhookSigner({ current: randomBytes(32).toString('hex'), old: [] });
const secret = signer.newSecret();
const event = buildWebhookEvent();
const body = renderMessage(event, null);

function headersOf(secrets: readonly string[], changes: { timestamp?: number; attempt?: number } = {}) {
  const timestamp = changes.timestamp ?? Math.floor(Date.now() / 1_000);
  const proof = signer.sign({ id: event.id, timestamp, body: Buffer.from(body), secrets });
  return webhookHeaders(proof, changes.attempt ?? 1);
}

function startLines(): { lines: string[]; terminal: Terminal } {
  const lines: string[] = [];
  const terminal: Terminal = {
    isTerminal: false,
    columns: () => 80,
    line: (text = '') => void lines.push(text),
    write: async () => undefined,
    draw: () => undefined,
    paint: (_colour, text) => text,
  };
  return { lines, terminal };
}

/** The command on a free port, until the test ends. */
async function startListening(context: TestContext, args: readonly string[], apiUrl = 'http://127.0.0.1:9') {
  const [out, err] = [startLines(), startLines()];
  const ending = new AbortController();
  const environment = { url: apiUrl, key: 'sk_test', noColor: true, dumb: true };
  const running = runCli(['webhooks', 'listen', '--port', '0', ...args], commands, {
    environment,
    out: out.terminal,
    err: err.terminal,
    signal: ending.signal,
  });
  const stop = async () => {
    ending.abort();
    return running;
  };
  context.after(stop);
  await Promise.race([running, waitFor('it to listen', () => err.lines.length > 0)]);
  const [, url = ''] = /at (http\S+)/.exec(err.lines[0] ?? '') ?? [];
  const send = (headers: Record<string, string>, text = body) => fetch(url, { method: 'POST', headers, body: text });
  return { out: out.lines, err: err.lines, url, send, stop };
}

test('a genuine message is shown and taken', async (t) => {
  const { send, out } = await startListening(t, ['--secret', secret]);
  assert.equal((await send(headersOf([secret]))).status, 204);
  assert.deepEqual(out, [`2025-11-21T04:40:02.000Z  job.completed  ${event.id}`, `  ${JSON.stringify(event.data)}`]);
});

test('a repeated one says which attempt it is', async (t) => {
  const { send, out } = await startListening(t, ['--secret', secret]);
  await send(headersOf([secret], { attempt: 3 }));
  assert.match(out[0] ?? '', /attempt 3$/);
});

test('with --json a message is one line', async (t) => {
  const { send, out } = await startListening(t, ['--secret', secret, '--json']);
  await send(headersOf([secret]));
  assert.deepEqual(
    out.map((line) => JSON.parse(line)),
    [JSON.parse(body)],
  );
});

test('during a rotation either secret will do', async (t) => {
  const [old, other] = [signer.newSecret(), signer.newSecret()];
  const { send } = await startListening(t, ['--secret', secret, '--secret', old]);
  assert.equal((await send(headersOf([old]))).status, 204);
  assert.equal((await send(headersOf([secret, old]))).status, 204);
  assert.equal((await send(headersOf([other]))).status, 400);
});

test('without a secret the key that the API publishes is the proof', async (t) => {
  const answer = listWebhookKeys.fromCore(signer.publicKeys(), undefined, {} as never);
  const api = await startFakeUpstream({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: [JSON.stringify(answer)],
  });
  t.after(() => api.close());
  const { send } = await startListening(t, [], api.url);
  assert.equal((await send(headersOf([]))).status, 204);
  const stranger = createWebhookSigner({ current: randomBytes(32).toString('hex'), old: [] });
  const proof = stranger.sign({
    id: event.id,
    timestamp: Math.floor(Date.now() / 1_000),
    body: Buffer.from(body),
    secrets: [],
  });
  assert.equal((await send(webhookHeaders(proof, 1))).status, 400);
});

const refused: [name: string, headers: () => Record<string, string>, text: string, reason: RegExp][] = [
  ['signed with another secret', () => headersOf([signer.newSecret()]), body, /none of its signatures/],
  ['changed on its way', () => headersOf([secret]), body.replace('completed', 'cancelled'), /none of its signatures/],
  [
    'signed six minutes ago',
    () => headersOf([secret], { timestamp: (Date.now() / 1_000 - 360) | 0 }),
    body,
    /36\d s ago/,
  ],
  ['without a signature', () => ({ 'webhook-id': 'evt_1' }), body, /has not all of/],
];
for (const [name, headers, text, reason] of refused) {
  test(`a message that is ${name} is refused, and why is said`, async (t) => {
    const { send, out, err } = await startListening(t, ['--secret', secret]);
    assert.equal((await send(headers(), text)).status, 400);
    assert.deepEqual(out, []);
    assert.match(err[1] ?? '', reason);
  });
}

test('what is no post is not for it', async (t) => {
  const { url } = await startListening(t, ['--secret', secret]);
  assert.equal((await fetch(url)).status, 405);
});

test('it ends when it is interrupted', async (t) => {
  const { stop } = await startListening(t, ['--secret', secret]);
  assert.equal(await stop(), exitCodes.interrupted);
});

test('what is no secret and no port is said to be none', async () => {
  for (const args of [
    ['--secret', 'sk_live_1'],
    ['--secret', secret, '--port', 'http'],
  ]) {
    const { terminal } = startLines();
    const environment = { url: null, key: null, noColor: true, dumb: true };
    const { signal } = new AbortController();
    const surroundings = { environment, out: terminal, err: terminal, signal };
    await assert.rejects(runCli(['webhooks', 'listen', ...args], commands, surroundings), {
      exitCode: exitCodes.usage,
    });
  }
});
