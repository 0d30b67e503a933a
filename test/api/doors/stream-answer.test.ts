import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Call } from '../../../src/core/call.ts';
import type { ChatPart } from '../../../src/core/chat/parts.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { openai } from '../../../src/protocols/openai/index.ts';
import { asUser, type EchoError, jsonOf, startTestApi } from '../../helpers/api.ts';
import { partsOf } from '../../helpers/echo-chat.ts';
import { echo } from '../../helpers/echo-dialect.ts';

type Speak = (call: Call) => AsyncIterable<ChatPart>;

async function startChat(context: TestContext, speak: Speak) {
  const api = await startTestApi(context, { dialects: [echo], verbs: { chat: (_input, call) => speak(call) } });
  const headers = { ...asUser, 'content-type': 'application/json' };
  const post = (body: object, signal?: AbortSignal) =>
    fetch(`${api.url}/echo/chat`, { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null });
  return { ...api, post };
}

const streamed = { text: 'x', stream: true };
const bytesOf = (text: string) => new TextEncoder().encode(text);

test('an answer is sent as it comes, in the events of its form', async (t) => {
  const { post } = await startChat(t, async function* () {
    yield* partsOf(['Hel', 'lo']);
  });
  const response = await post(streamed);
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(response.headers.get('x-accel-buffering'), 'no');
  assert.equal(
    await response.text(),
    'event: delta\ndata: {"n":0,"text":"Hel"}\n\nevent: delta\ndata: {"n":1,"text":"lo"}\n\ndata: [2]\n\n',
  );
});

test('the same call without a stream is answered whole', async (t) => {
  const { post } = await startChat(t, async function* () {
    yield* partsOf(['Hel', 'lo']);
  });
  assert.deepEqual(await jsonOf(await post({ text: 'x' })), { text: 'Hello' });
});

test('a failure before the first part has a status of its own', async (t) => {
  // biome-ignore lint/correctness/useYield: it fails before it has anything to say.
  const { post } = await startChat(t, async function* () {
    throw new GatewayError('overloaded', 'Too busy.', { retryAfterMs: 2_000 });
  });
  const response = await post(streamed);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '2');
  assert.equal((await jsonOf<EchoError>(response)).echo, 'overloaded');
});

test('a later failure is told in the stream, which then has no proper end', async (t) => {
  const { post } = await startChat(t, async function* () {
    yield* [...partsOf(['Hel'])].slice(0, 3);
    throw new GatewayError('upstream_error', 'Cut off.');
  });
  assert.equal(
    await (await post(streamed)).text(),
    'event: delta\ndata: {"n":0,"text":"Hel"}\n\nevent: failed\ndata: {"n":1,"code":"upstream_error"}\n\n',
  );
});

test('bytes of an upstream are passed on as they are', async (t) => {
  const { post } = await startChat(t, async function* () {
    yield { type: 'wire', bytes: bytesOf('data: {"a"') };
    yield { type: 'wire', bytes: bytesOf(':1}\n\ndata: [DONE]\n\n') };
  });
  assert.equal(await (await post(streamed)).text(), 'data: {"a":1}\n\ndata: [DONE]\n\n');
});

test('a failure behind bytes of an upstream is told as what follows them', async (t) => {
  const event = (fields: object) => bytesOf(`data: ${JSON.stringify(fields)}\n\n`);
  const api = await startTestApi(t, {
    dialects: [openai],
    verbs: {
      async *respond() {
        yield { type: 'wire', bytes: event({ sequence_number: 0, response: { id: 'resp_up', created_at: 1 } }) };
        yield { type: 'wire', bytes: event({ sequence_number: 1 }) };
        throw new GatewayError('upstream_error', 'Cut off.');
      },
    },
  });
  const body = JSON.stringify({ model: 'm', input: 'x', stream: true, store: false });
  const headers = { ...asUser, 'content-type': 'application/json' };
  const response = await fetch(`${api.url}/v1/responses`, { method: 'POST', headers, body });
  const numbers = [...(await response.text()).matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
  assert.deepEqual(numbers, [0, 1, 2, 3]);
});

test('bytes of an upstream are a whole answer where none was to be streamed', async (t) => {
  const { post } = await startChat(t, async function* () {
    yield { type: 'wire', bytes: bytesOf('{"their":') };
    yield { type: 'wire', bytes: bytesOf('"words"}') };
  });
  const response = await post({ text: 'x' });
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(await response.text(), '{"their":"words"}');
});

test('a caller who leaves in the middle ends the work', async (t) => {
  const ended = Promise.withResolvers<void>();
  const { post } = await startChat(t, async function* ({ signal }) {
    yield* [...partsOf(['Hel'])].slice(0, 3);
    await once(signal, 'abort');
    ended.resolve();
    throw signal.reason;
  });
  const leaving = new AbortController();
  const response = await post(streamed, leaving.signal);
  await response.body?.getReader().read();
  leaving.abort();
  await ended.promise;
});

test('a slow reader holds the work back', async (t) => {
  let made = 0;
  const { post } = await startChat(t, async function* () {
    yield* [...partsOf([])].slice(0, 2);
    for (; made < 100; made += 1) {
      yield { type: 'block-delta', choice: 0, id: 'b', delta: 'x'.repeat(1_000_000), logprobs: null };
    }
  });
  const response = await post(streamed);
  const reader = response.body?.getReader();
  await reader?.read();
  let before = -1;
  await t.waitFor(() => {
    const still = made === before;
    before = made;
    assert.ok(still, 'it is still being made');
  });
  assert.ok(made < 50, `${made} MB were made for a reader who had read next to nothing`);
  await reader?.cancel();
});

test('who served a call stands in the head of its answer', async (t) => {
  const { post } = await startChat(t, async function* (call) {
    call.served({ provider: 'openai-7', attempts: 2, upstreamRequestId: 'up_1', ignored: ['seed', 'user'] });
    yield* partsOf(['Hello']);
  });
  const { headers } = await post(streamed);
  const names = ['x-switchyard-provider', 'x-switchyard-attempts', 'x-upstream-request-id', 'x-gateway-ignored'];
  assert.deepEqual(
    names.map((name) => headers.get(name)),
    ['openai-7', '2', 'up_1', 'seed, user'],
  );
});
