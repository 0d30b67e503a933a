import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Arrival {
  path: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Since what the message tells of. */
  delayMs: number;
}

/** Takes every message at once; below `/dead` it never answers. */
export async function startReceiver() {
  let arrivals: Arrival[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const path = request.url ?? '';
    const at = Date.now();
    const { timestamp } = JSON.parse(await textOf(request)) as { timestamp: string };
    if (path.startsWith('/dead')) return;
    arrivals.push({ path, at, delayMs: at - Date.parse(timestamp) });
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (path: string) => `http://127.0.0.1:${port}/${path}`,

    /** Those whose path begins so, once there are that many. */
    async arrived(prefix: string, count: number): Promise<Arrival[]> {
      for (;;) {
        const found = arrivals.filter(({ path }) => path.startsWith(prefix));
        if (found.length >= count) return found;
        await delay(20);
      }
    },

    reset(): void {
      arrivals = [];
    },

    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
