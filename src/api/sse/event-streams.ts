import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Heartbeats } from './heartbeats.ts';

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
 * All open event streams of the process. When `draining` aborts, each is told
 * with `server.draining` and ends; its reader reconnects elsewhere and goes on from the last id it saw.
 */
export function createEventStreams(options: { heartbeats: Heartbeats; draining: AbortSignal }) {
  const open = new Set<ServerResponse>();

  /** The returned function ends it. */
  function add(res: ServerResponse): () => void {
    open.add(res);
    const stop = options.heartbeats.add(() => {
      // A stalled reader has enough to read already.
      if (!res.writableNeedDrain) res.write(': ping\n\n');
    });
    return () => {
      open.delete(res);
      stop();
    };
  }

  options.draining.addEventListener('abort', () => {
    for (const res of open) res.end(format({ event: 'server.draining', data: { reason: 'The server is stopping.' } }));
  });

  return {
    /** Takes over the response; status and headers that were set before are sent with it. */
    start(res: ServerResponse): EventStream {
      const gone = new AbortController();
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      res.writeHead(200);
      res.write(`retry: ${reconnectMs}\n\n`);
      const remove = add(res);
      res.once('close', () => {
        remove();
        gone.abort();
      });
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
