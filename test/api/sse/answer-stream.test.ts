import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type AnswerStream, openAnswerStream } from '../../../src/api/sse/answer-stream.ts';
import { createHeartbeats, type Heartbeats } from '../../../src/api/sse/heartbeats.ts';

const maxSilenceMs = 20;

/** Opens an answer stream and hands both of its ends to the test. */
async function openStream(
  context: TestContext,
  writer: 'sse' | 'ndjson',
  heartbeats: Heartbeats = createHeartbeats(maxSilenceMs),
) {
  const opened = Promise.withResolvers<AnswerStream>();
  const server = createServer((_req, res: ServerResponse) => opened.resolve(openAnswerStream(res, writer, heartbeats)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const response = fetch(`http://127.0.0.1:${port}`);
  return { stream: await opened.promise, response };
}

async function readUntil(response: Response, end: string): Promise<string> {
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    if (text.endsWith(end)) return text;
  }
  throw new Error(`The stream ended without '${end}': ${text}`);
}

test('a quiet stream of events is kept open by comments', async (t) => {
  const { stream, response } = await openStream(t, 'sse');
  stream.send([{ event: 'a', data: { b: 1 } }]);
  assert.equal(await readUntil(await response, ': ping\n\n'), 'event: a\ndata: {"b":1}\n\n: ping\n\n');
});

test('a stream is never silent for longer than is allowed, and has no comment where it is not silent', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { stream, response } = await openStream(t, 'sse', createHeartbeats(1_000));
  for (const untilNextMs of [900, 100, 1_000]) {
    stream.send([{ data: 'x' }]);
    t.mock.timers.tick(untilNextMs);
  }
  stream.end();
  const x = 'data: x\n\n';
  assert.equal(await (await response).text(), `${x}${x}${x}: ping\n\n`);
});

test('no comment breaks into a frame that an upstream has begun', async (t) => {
  const { stream, response } = await openStream(t, 'sse');
  stream.relay(new TextEncoder().encode('data: {"a":'));
  const probe = createHeartbeats(maxSilenceMs);
  let beats = 0;
  await new Promise<void>((resolve) => {
    const stop = probe.add(() => {
      beats += 1;
      if (beats < 4) return;
      stop();
      resolve();
    });
  });
  stream.relay(new TextEncoder().encode('1}\n\n'));
  assert.equal(await readUntil(await response, ': ping\n\n'), 'data: {"a":1}\n\n: ping\n\n');
});

test('a frame may end with lines as on Windows', async (t) => {
  const { stream, response } = await openStream(t, 'sse');
  stream.relay(new TextEncoder().encode('data: 1\r\n\r\n'));
  assert.equal(await readUntil(await response, ': ping\n\n'), 'data: 1\r\n\r\n: ping\n\n');
});

test('a stream of lines has nothing but its lines', async (t) => {
  const { stream, response } = await openStream(t, 'ndjson');
  stream.send([{ data: { a: 1 } }, { event: 'x', data: { b: 2 } }]);
  stream.end();
  const answer = await response;
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson');
  assert.equal(await answer.text(), '{"a":1}\n{"b":2}\n');
});

test('a stream that is opened for a reader who has gone keeps no heartbeat', async (t) => {
  let beating = 0;
  const add = () => {
    beating += 1;
    return () => {
      beating -= 1;
    };
  };
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((_req, res: ServerResponse) => arrived.resolve(res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const leaving = new AbortController();
  const { port } = server.address() as AddressInfo;
  const gone = assert.rejects(fetch(`http://127.0.0.1:${port}`, { signal: leaving.signal }));
  const res = await arrived.promise;
  leaving.abort();
  await gone;
  await t.waitFor(() => assert.ok(res.closed));
  openAnswerStream(res, 'sse', { add });
  assert.equal(beating, 0);
});
