import assert from 'node:assert/strict';
import { maxHeaderSize, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { serverTimeouts, startServer } from '../../src/api/server.ts';

const hasty = {
  ...serverTimeouts,
  headersTimeout: 300,
  connectionsCheckingInterval: 50,
  uploadRate: { minBytesPerSecond: 1_000, graceMs: 200, checkIntervalMs: 50 },
};

interface Sent {
  /** What is sent at once. */
  head: string;
  /** What is sent every 20 ms from then on. */
  trickle?: string;
  /** What is sent, instead of that, as soon as an answer has begun. */
  reply?: string;
}

/** Everything that the server says on a connection, until it closes it. */
async function answerTo(
  context: TestContext,
  handler: RequestListener,
  { head, trickle, reply }: Sent,
): Promise<string> {
  const server = await startServer(handler, { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 1_000 }, hasty);
  context.after(() => server.close());
  const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
  const timer = trickle === undefined ? undefined : setInterval(() => socket.write(trickle), 20);
  context.after(() => clearInterval(timer));
  const closed = Promise.withResolvers<void>();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
    // What is sent from here on would be answered with a reset, which may overtake the answer.
    clearInterval(timer);
    if (reply !== undefined) socket.write(reply);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => closed.resolve());
  await closed.promise;
  return answer;
}

function assertRefused(answer: string, status: number, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
  assert.match(head, /^connection: close$/im);
  const { error, request_id: requestId } = JSON.parse(body);
  assert.equal(error.code, code);
  assert.match(head, new RegExp(`^x-request-id: ${requestId}$`, 'im'));
}

const reads: RequestListener = (req) => req.on('error', () => undefined).resume();
const neverAsked: RequestListener = () => assert.fail('was handed on');

test('headers that trickle in are answered with 408', async (t) => {
  const answer = await answerTo(t, neverAsked, { head: 'GET / HTTP/1.1\r\nhost: a\r\nx-slow: ', trickle: 'x' });
  assertRefused(answer, 408, 'request_timeout');
});

test('a body that trickles in is answered with 408', async (t) => {
  const head = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n';
  assertRefused(await answerTo(t, reads, { head, trickle: 'x' }), 408, 'request_timeout');
});

test('headers that are too large are answered with 431', async (t) => {
  const head = `GET / HTTP/1.1\r\nhost: a\r\nx-large: ${'x'.repeat(maxHeaderSize)}\r\n\r\n`;
  assertRefused(await answerTo(t, neverAsked, { head }), 431, 'headers_too_large');
});

test('what is not HTTP is answered with 400', async (t) => {
  assertRefused(await answerTo(t, neverAsked, { head: '\x16\x03\x01\x02\r\n\r\n' }), 400, 'invalid_request');
});

test('nothing is said into an answer that is under way', async (t) => {
  const answers: RequestListener = (req, res) => {
    reads(req, res);
    res.writeHead(200).write('half');
  };
  const head = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n';
  const answer = await answerTo(t, answers, { head, reply: 'not a chunk\r\n' });
  assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
  assert.match(answer, /half/);
});
