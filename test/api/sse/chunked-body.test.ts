import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { openChunkedBody } from '../../../src/api/sse/chunked-body.ts';

describe('the body of a streamed answer', () => {
  const pieces = ['data: é ☃\n\n', '', Buffer.from('data: 2\n\n'), 'x'.repeat(70_000)];
  const text = pieces.map(String).join('');
  const server = createServer((_req, res) => {
    res.writeHead(200);
    const body = openChunkedBody(res);
    for (const piece of pieces) body.write(piece);
    body.end();
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());
  const port = () => (server.address() as AddressInfo).port;

  /** What a socket receives that sends `request`, until the server closes it. */
  async function receive(request: string): Promise<string> {
    const socket = connect(port(), '127.0.0.1');
    socket.write(request);
    const received: Buffer[] = [];
    for await (const bytes of socket) received.push(bytes as Buffer);
    return Buffer.concat(received).toString();
  }

  it('arrives whole, an empty write does not end it', async () => {
    const response = await fetch(`http://127.0.0.1:${port()}/`);
    assert.equal(await response.text(), text);
  });

  it('ends so that the next answer follows on the same connection', async () => {
    const request = (more: string) => `GET / HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
    const received = await receive(request('') + request('connection: close\r\n'));
    assert.equal(received.split('HTTP/1.1 200 OK').length, 3);
    assert.equal(received.split('\r\n0\r\n\r\n').length, 3);
  });

  it('has no chunks for a client of HTTP/1.0', async () => {
    const received = await receive('GET / HTTP/1.0\r\n\r\n');
    assert.equal(received.slice(received.indexOf('\r\n\r\n') + 4), text);
  });
});
