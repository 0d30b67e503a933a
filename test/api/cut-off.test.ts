import assert from 'node:assert/strict';
import { maxHeaderSize, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { serverTimeouts, startServer } from '../../src/api/server.ts';
import { collectingLog, type LogLine } from '../helpers/log.ts';

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
  /** What is sent as soon as an answer has begun. */
  reply?: string;
}

/** Everything that the server says on a connection until it closes it, and what it logs. */
async function answerTo(context: TestContext, handler: RequestListener, { head, trickle, reply }: Sent) {
  const lines: LogLine[] = [];
  const settings = { host: '127.0.0.1', port: 0, shutdownTimeoutMs: 1_000 };
  const server = await startServer(handler, settings, collectingLog(lines), hasty);
  context.after(() => server.close());
  let timer: NodeJS.Timeout | undefined;
  const socket = connect(server.port, '127.0.0.1', () => {
    socket.write(head);
    if (trickle !== undefined) timer = setInterval(() => socket.write(trickle), 20);
  });
  context.after(() => clearInterval(timer));
  const closed = Promise.withResolvers<void>();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
    clearInterval(timer);
    if (reply !== undefined) socket.write(reply);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => closed.resolve());
  await closed.promise;
  const [top = '', body = ''] = text.split('\r\n\r\n');
  return { text, top, body, lines };
}

type Answered = Awaited<ReturnType<typeof answerTo>>;

function assertRefused({ top, body, lines }: Answered, status: number, code: string): void {
  assert.match(top, new RegExp(`^HTTP/1\\.1 ${status} `));
  assert.match(top, /^connection: close$/im);
  const { error, request_id: requestId } = JSON.parse(body);
  assert.equal(error.code, code);
  assert.match(top, new RegExp(`^x-request-id: ${requestId}$`, 'im'));
  assert.deepEqual(
    lines.map((line) => [line['requestId'], line['errorCode']]),
    [[requestId, code]],
  );
}

const neverAsked: RequestListener = () => assert.fail('was handed on');

/** Takes what comes, as a request that has got its id. */
const reads: RequestListener = (req, res) => {
  res.setHeader('x-request-id', 'r1');
  req.on('error', () => undefined).resume();
};

function upload(path: string, accept = '*/*'): Sent {
  const head = `POST ${path} HTTP/1.1\r\nhost: a\r\naccept: ${accept}\r\ncontent-length: 1000000\r\n\r\n`;
  return { head, trickle: 'x' };
}

test('headers that trickle in are answered with 408', async (t) => {
  const answer = await answerTo(t, neverAsked, { head: 'GET / HTTP/1.1\r\nhost: a\r\nx-slow: ', trickle: 'x' });
  assertRefused(answer, 408, 'request_timeout');
});

test('headers that are too large are answered with 431', async (t) => {
  const head = `GET / HTTP/1.1\r\nhost: a\r\nx-large: ${'x'.repeat(maxHeaderSize)}\r\n\r\n`;
  assertRefused(await answerTo(t, neverAsked, { head }), 431, 'headers_too_large');
});

test('what is not HTTP is answered with 400', async (t) => {
  assertRefused(await answerTo(t, neverAsked, { head: '\x16\x03\x01\x02\r\n\r\n' }), 400, 'invalid_request');
});

test('a body that trickles in is answered with 408 under the id of its request', async (t) => {
  const { top, body } = await answerTo(t, reads, upload('/v1/jobs?wait=1'));
  assert.match(top, /^HTTP\/1\.1 408 /);
  assert.match(top, /^x-request-id: r1$/im);
  const { error, request_id: requestId } = JSON.parse(body);
  assert.deepEqual([error.code, requestId], ['request_timeout', 'r1']);
});

test('the sender of a body that trickles in is told in the words of the dialect', async (t) => {
  const { body } = await answerTo(t, reads, upload('/v1/collections'));
  assert.equal(typeof JSON.parse(body).detail, 'string');
});

test('the sender of a body that trickles in gets a problem document if it accepts one', async (t) => {
  const { top, body } = await answerTo(t, reads, upload('/v1/collections', 'application/problem+json'));
  assert.match(top, /^content-type: application\/problem\+json$/im);
  assert.equal(JSON.parse(body).code, 'request_timeout');
});

test('whoever has nothing to send is not too slow for it', async (t) => {
  const waits: RequestListener = (_req, res) => {
    const until = performance.now() + 4 * hasty.uploadRate.graceMs;
    const timer = setInterval(() => {
      if (performance.now() < until) return;
      clearInterval(timer);
      res.end('waited');
    }, 20);
  };
  const head = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
  const { top } = await answerTo(t, waits, { head });
  assert.match(top, /^HTTP\/1\.1 200 /);
});

test('nothing is said into an answer that is under way', async (t) => {
  const answers: RequestListener = (req, res) => {
    reads(req, res);
    res.writeHead(200).write('half');
  };
  const head = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n';
  const { text } = await answerTo(t, answers, { head, reply: 'not a chunk\r\n' });
  assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
  assert.match(text, /half/);
});
