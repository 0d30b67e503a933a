import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { serverTimeouts, startServer } from '../../src/api/server.ts';
import { silentLog } from '../helpers/log.ts';

const settings = { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 5_000 };
const hasty = {
  ...serverTimeouts,
  headersTimeout: 300,
  connectionsCheckingInterval: 50,
  uploadRate: { minBytesPerSecond: 1_000, graceMs: 200, checkIntervalMs: 50 },
  maxStallMs: 300,
};

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

async function start(context: TestContext, handler: Handler, changes: Partial<typeof settings> = {}) {
  const server = await startServer(handler, { ...settings, ...changes }, silentLog, hasty);
  context.after(() => server.close());
  return server;
}

async function open(context: TestContext, port: number, head: string) {
  const socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

test('the defaults are those of the operations manual', () => {
  assert.deepEqual(serverTimeouts, {
    headersTimeout: 15_000,
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 5_000,
    uploadRate: { minBytesPerSecond: 1_024, graceMs: 10_000, checkIntervalMs: 1_000 },
    maxStallMs: 60_000,
  });
});

test('the address that was bound is told', async (t) => {
  const server = await start(t, (_req, res) => res.end('here'));
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
  assert.equal(await (await fetch(server.url)).text(), 'here');
});

test('a port that is taken is an error', async (t) => {
  const server = await start(t, (_req, res) => res.end());
  await assert.rejects(
    start(t, (_req, res) => res.end(), { port: server.port }),
    { code: 'EADDRINUSE' },
  );
});

const upload = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n';

test('a body that comes fast enough is read to its end', async (t) => {
  const server = await start(t, (req, res) => req.on('end', () => res.end('all')).resume());
  const socket = await open(t, server.port, upload);
  const chunk = 'x'.repeat(50_000);
  const feed = setInterval(() => socket.write(chunk), 25);
  t.after(() => clearInterval(feed));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /all$/);
});

test('a sender is not blamed for a reader that takes its time', async (t) => {
  const server = await start(t, (req, res) => {
    req.pause();
    const until = performance.now() + 800;
    // Much longer than the grace of the upload rate; the wait is on this side.
    const timer = setInterval(() => {
      if (performance.now() < until) return;
      clearInterval(timer);
      req.on('end', () => res.end('all')).resume();
    }, 20);
  });
  const socket = await open(t, server.port, `${upload}${'x'.repeat(1_000_000)}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /all$/);
});

test('on close a request under way is finished, and no new connection is taken', async (t) => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = await start(t, (_req, res) => arrived.resolve(res));
  const response = fetch(server.url);
  const res = await arrived.promise;
  const closed = server.close();
  await assert.rejects(fetch(server.url));
  res.end('finished');
  assert.equal(await (await response).text(), 'finished');
  await closed;
});

test('on close an idle connection does not hold the process up', async (t) => {
  const server = await start(t, (_req, res) => res.end());
  const socket = await open(t, server.port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await server.close();
  await closed;
});

test('what is not finished by the deadline is cut off', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const server = await start(t, () => arrived.resolve(), { shutdownTimeoutMs: 100 });
  const response = fetch(server.url);
  response.catch(() => undefined);
  await arrived.promise;
  await server.close();
  await assert.rejects(response);
});

test('whoever asks before sending is heard before being told to go on', async (t) => {
  const server = await start(t, (_req, res) => res.writeHead(401).end());
  const ask = request(server.url, { method: 'POST', headers: { expect: '100-continue', 'content-length': 5 } });
  ask.flushHeaders();
  ask.on('continue', () => assert.fail('was told to go on'));
  const [response] = (await once(ask, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 401);
  ask.destroy();
});

const large = Buffer.alloc(32 * 1024 * 1024);
const ask = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

async function bytesOf(socket: Socket): Promise<number> {
  let length = 0;
  for await (const chunk of socket) length += (chunk as Buffer).length;
  return length;
}

test('a reader that takes nothing of its answer is cut off', async (t) => {
  const answering = Promise.withResolvers<ServerResponse>();
  const server = await start(t, (_req, res) => answering.resolve(res.end(large)));
  await open(t, server.port, ask);
  const res = await answering.promise;
  await once(res, 'close');
  assert.equal(res.writableFinished, false);
});

test('a reader that takes its time gets the whole of its answer', async (t) => {
  const server = await start(t, (_req, res) => res.setHeader('connection', 'close').end(large));
  const socket = await open(t, server.port, ask);
  const startedAt = performance.now();
  let untilPause = large.length / 10;
  socket.on('data', ({ length }) => {
    untilPause -= length;
    if (untilPause > 0) return;
    untilPause = large.length / 10;
    socket.pause();
    setTimeout(() => socket.resume(), hasty.maxStallMs / 4);
  });
  await once(socket, 'end');
  assert.ok(performance.now() - startedAt > 2 * hasty.maxStallMs);
  assert.ok(socket.bytesRead > large.length);
});

test('an answer that is long in coming is not given up for that', async (t) => {
  const server = await start(t, (_req, res) => setTimeout(() => res.end('late'), 3 * hasty.maxStallMs));
  assert.equal(await (await fetch(server.url)).text(), 'late');
});

test('nor is one to a caller who has asked whether to send', async (t) => {
  const server = await start(t, (_req, res) => {
    res.writeContinue();
    setTimeout(() => res.end('late'), 3 * hasty.maxStallMs);
  });
  const asking = request(server.url, { method: 'POST', headers: { expect: '100-continue' } });
  asking.on('continue', () => asking.end('body'));
  asking.flushHeaders();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  assert.equal((await response.toArray()).join(''), 'late');
});

test('on close an answer that is written leaves before its connection is closed', async (t) => {
  const answered = Promise.withResolvers<void>();
  const server = await start(t, (_req, res) => {
    res.end(large);
    answered.resolve();
  });
  const socket = await open(t, server.port, ask);
  await answered.promise;
  const closed = server.close();
  assert.ok((await bytesOf(socket)) > large.length);
  await closed;
});
