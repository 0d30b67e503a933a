import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { waitFor } from '../../helpers/wait-for.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

describe('the fault proxy', () => {
  let target: Server;
  let arrived = '';
  let proxy: FaultProxy;
  let client: Socket;
  let received = '';
  let closed = false;

  before(async () => {
    target = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        arrived += bytes;
        socket.write(`<${bytes}>`);
      });
    });
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
  });
  after(() => target.close());

  beforeEach(async () => {
    arrived = '';
    proxy = await startFaultProxy((target.address() as AddressInfo).port);
    client = open();
    await exchange('hello');
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
  });

  function open(): Socket {
    received = '';
    closed = false;
    const socket = connect(proxy.port, '127.0.0.1');
    socket.on('data', (bytes) => {
      received += bytes;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      // The one of the test before may end late.
      if (socket === client) closed = true;
    });
    return socket;
  }

  async function exchange(text: string): Promise<void> {
    client.write(text);
    await waitFor(`the answer to ${text}`, () => received.endsWith(`<${text}>`), 5_000);
  }

  it('passes on what comes, both ways', async () => {
    await exchange('again');
    assert.equal(received, '<hello><again>');
  });

  it('delays and keeps the order', async () => {
    proxy.break({ kind: 'latency', delayMs: 60, jitterMs: 60 });
    client.write('slow');
    await waitFor('the proxy to have it', () => client.writableLength === 0, 5_000);
    proxy.break(null);
    await exchange('quick');
    assert.equal(arrived, 'helloslowquick');
  });

  it('takes its time over each piece under latency', async () => {
    proxy.break({ kind: 'latency', delayMs: 100, jitterMs: 0 });
    const startedAt = performance.now();
    await exchange('slow');
    assert.ok(performance.now() - startedAt >= 190, 'there and back');
  });

  it('lets the request through and loses the reply when half open', async () => {
    proxy.break({ kind: 'half_open' });
    client.write('written');
    await waitFor('the request', () => arrived === 'hellowritten', 5_000);
    proxy.break(null);
    await waitFor('the torn connection to be cut', () => closed, 5_000);
    assert.equal(received, '<hello>');
  });

  it('swallows everything as a black hole and cuts what was torn once healed', async () => {
    proxy.break({ kind: 'blackhole' });
    client.write('lost');
    await new Promise((resolve) => client.write('', resolve));
    const second = connect(proxy.port, '127.0.0.1');
    second.on('error', () => undefined);
    await once(second, 'connect');
    await waitFor('both connections', () => proxy.open() === 2, 5_000);
    assert.equal(closed, false);
    second.destroy();
    proxy.break(null);
    await waitFor('the torn connection to be cut', () => closed, 5_000);
    assert.equal(arrived, 'hello');
  });

  it('cuts open connections and refuses new ones while down', async () => {
    proxy.break({ kind: 'down' });
    await waitFor('the cut', () => closed, 5_000);
    client = open();
    await waitFor('the refusal', () => closed, 5_000);
    proxy.break(null);
    client = open();
    await exchange('back');
  });

  it('resets a connection on which something passes', async () => {
    proxy.break({ kind: 'reset_peer' });
    assert.equal(closed, false);
    client.write('into the void');
    await waitFor('the reset', () => closed, 5_000);
    assert.equal(arrived, 'hello');
  });

  it('cuts a reply after so many bytes', async () => {
    proxy.break({ kind: 'limit_data', bytes: 12 });
    await exchange('small');
    client.write('this is too much');
    await waitFor('the cut', () => closed, 5_000);
    assert.equal(received, '<hello><small>');
  });
});
