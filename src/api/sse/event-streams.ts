import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

interface ServerSentEvent {
  id?: string;
  event: string;
  data: unknown;
}

export interface EventStream {
  /** Resolves when there is room for more; a reader that stalls holds its writer back. */
  send(event: ServerSentEvent): Promise<void>;
  /** Aborts when nobody reads any more, for whatever reason. */
  signal: AbortSignal;
  end(): void;
}

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Without it nginx collects the events and hands them on in blocks.
  'X-Accel-Buffering': 'no',
};
const reconnectMs = 2_000;

/**
 * All open event streams of the process. They share one timer for their pings. When `draining` aborts, each is told
 * with `server.draining` and ends; its reader reconnects elsewhere and goes on from the last id it saw.
 */
export function createEventStreams(options: { pingIntervalMs: number; draining: AbortSignal }) {
  const open = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | null = null;

  function ping(): void {
    // A stalled reader has enough to read already.
    for (const res of open) if (!res.writableNeedDrain) res.write(': ping\n\n');
  }

  function add(res: ServerResponse): void {
    open.add(res);
    timer ??= setInterval(ping, options.pingIntervalMs).unref();
  }

  function remove(res: ServerResponse): void {
    open.delete(res);
    if (open.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  }

  options.draining.addEventListener('abort', () => {
    for (const res of open) res.end(format({ event: 'server.draining', data: { reason: 'The server is stopping.' } }));
  });

  return {
    /** Takes over the response; status and headers that were set before are sent with it. */
    start(res: ServerResponse): EventStream {
      const gone = new AbortController();
      res.once('close', () => {
        remove(res);
        gone.abort();
      });
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      res.writeHead(200);
      res.write(`retry: ${reconnectMs}\n\n`);
      add(res);
      return {
        signal: gone.signal,
        async send(event) {
          if (!isWritable(res) || res.write(format(event))) return;
          await once(res, 'drain', { signal: gone.signal }).catch(() => undefined);
        },
        end() {
          res.end();
        },
      };
    },
    get size(): number {
      return open.size;
    },
  };
}

export type EventStreams = ReturnType<typeof createEventStreams>;

function isWritable(res: ServerResponse): boolean {
  return !res.writableEnded && !res.destroyed;
}

function format({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
