import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { asUser, startTestApi } from '../../helpers/api.ts';
import { echo } from '../../helpers/echo-dialect.ts';

test('one line says who called what, how it ended and how long it took', async (t) => {
  const { url, lines } = await startTestApi(t, { dialects: [echo] });
  await fetch(`${url}/echo/collections/0`, { headers: { ...asUser, 'x-request-id': 'r1' } });
  await t.waitFor(() => assert.equal(lines.length, 1));
  const { durationMs, ...line } = lines[0] ?? { durationMs: null };
  assert.equal(typeof durationMs, 'number');
  assert.deepEqual(line, {
    requestId: 'r1',
    operation: 'GET /echo/collections/:id',
    method: 'GET',
    url: '/echo/collections/0',
    status: 400,
    userId: 7,
    keyId: 3,
    errorCode: 'invalid_request',
    message: 'request',
  });
});

test('a key in the query is not written down', async (t) => {
  const { url, lines } = await startTestApi(t);
  await fetch(`${url}/health?key=sk_live_secret&a=1&key=other`);
  await t.waitFor(() => assert.equal(lines.length, 1));
  assert.equal(lines[0]?.['url'], '/health?key=[redacted]&a=1&key=[redacted]');
});

test('what was not foreseen is logged with its cause and answered without it', async (t) => {
  const { url, lines } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      getCollection: async () => {
        throw new TypeError('connect ECONNREFUSED 10.0.0.7 password=hunter2');
      },
    },
  });
  const response = await fetch(`${url}/echo/collections/1`, { headers: asUser });
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(text, /ECONNREFUSED|hunter2|at /);
  const line = lines.find(({ message }) => message === 'unexpected error');
  assert.match(String(line?.['err']), /hunter2/);
});

test('what breaks because the caller has gone is no fault of ours', async (t) => {
  const began = Promise.withResolvers<void>();
  const { url, lines } = await startTestApi(t, {
    dialects: [echo],
    verbs: {
      getCollection: async (_input, { signal }) => {
        began.resolve();
        await once(signal, 'abort');
        throw new TypeError('a driver that was interrupted');
      },
    },
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /echo/collections/1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer good\r\n\r\n');
  await began.promise;
  socket.destroy();
  await t.waitFor(() => assert.equal(lines.length, 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    lines.map(({ message, status }) => [message, status]),
    [['request', 499]],
  );
});
