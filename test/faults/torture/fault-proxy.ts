/**
 * A TCP proxy that breaks a link on purpose, in toxiproxy's words. A fault holds for every connection, open or new,
 * until the link is healed.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Fault =
  /** Every piece comes later, in both directions. */
  | { kind: 'latency'; delayMs: number; jitterMs: number }
  /** Connections are reset as soon as something passes. */
  | { kind: 'reset_peer' }
  /** What is asked arrives, the reply is lost: the one that makes duplicates. */
  | { kind: 'half_open' }
  /** Connections are accepted, nothing arrives. */
  | { kind: 'blackhole' }
  /** Connections are cut, new ones at once. */
  | { kind: 'down' }
  /** A connection is cut after so many bytes of replies. */
  | { kind: 'limit_data'; bytes: number };

export interface FaultProxy {
  /** `host:port`. */
  address: string;
  port: number;
  /** Null heals. A connection that lost bytes cannot go on and is cut then. */
  break(fault: Fault | null): void;
  /** The port of whoever is behind the connection that the target sees coming from `port`. */
  clientOf(port: number): number | undefined;
  /** How many connections are open now. */
  open(): number;
  close(): Promise<void>;
}

type Direction = 'request' | 'reply';

interface Link {
  client: Socket;
  upstream: Socket;
  /** Bytes were swallowed: the rest would make no sense. */
  torn: boolean;
  repliedBytes: number;
}

/** Listens on a port of its own and passes everything on to `target`, a port of this machine. */
export async function startFaultProxy(target: number, random: () => number = Math.random): Promise<FaultProxy> {
  const links = new Set<Link>();
  let fault: Fault | null = null;

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    if (fault?.kind === 'down') return void client.resetAndDestroy();
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    const link: Link = { client, upstream, torn: false, repliedBytes: 0 };
    links.add(link);
    for (const socket of [client, upstream]) {
      socket.on('error', () => cut(link));
      socket.on('close', () => cut(link));
    }
    pass(link, client, upstream, 'request');
    pass(link, upstream, client, 'reply');
  });

  function cut(link: Link): void {
    if (!links.delete(link)) return;
    for (const socket of [link.client, link.upstream]) {
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  function pass(link: Link, from: Socket, to: Socket, direction: Direction): void {
    let order: Promise<void> = Promise.resolve();
    from.on('data', (bytes) => {
      if (!admits(link, bytes, direction)) return;
      if (fault?.kind !== 'latency') {
        // Nothing may overtake what is still being delayed.
        order = order.then(() => write(from, to, bytes));
        return;
      }
      const delayMs = fault.delayMs + random() * fault.jitterMs;
      const due = new Promise((resolve) => setTimeout(resolve, delayMs));
      order = order.then(() => due).then(() => write(from, to, bytes));
    });
    from.on('end', () => {
      order = order.then(() => void (to.destroyed || to.end()));
    });
  }

  /** Whether these bytes go on; cuts the connection where the fault says so. */
  function admits(link: Link, bytes: Uint8Array, direction: Direction): boolean {
    if (fault === null || fault.kind === 'latency') return true;
    if (fault.kind === 'half_open' && direction === 'request') return true;
    if (fault.kind === 'half_open' || fault.kind === 'blackhole') {
      link.torn = true;
      return false;
    }
    if (fault.kind === 'limit_data') {
      if (direction === 'reply') link.repliedBytes += bytes.byteLength;
      if (link.repliedBytes <= fault.bytes) return true;
    }
    cut(link);
    return false;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
    break(next) {
      fault = next;
      for (const link of links) {
        link.repliedBytes = 0;
        if (link.torn || fault?.kind === 'down') cut(link);
      }
    },
    clientOf: (from) => [...links].find(({ upstream }) => upstream.localPort === from)?.client.remotePort,
    open: () => links.size,
    async close() {
      server.close();
      for (const link of links) cut(link);
      await once(server, 'close');
    },
  };
}

/** What is not taken must not be read on and on. */
function write(from: Socket, to: Socket, bytes: Uint8Array): void {
  if (to.destroyed || !to.writable || to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
