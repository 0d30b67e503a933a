import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Heartbeats } from './heartbeats.ts';

interface ServerSentEvent {
  id?: string;
  event: string;
  data: unknown;
}

export interface EventStream {
  /** A promise to wait for when the reader is slower; a reader that stalls holds its writer back. */
  send(event: ServerSentEvent): Promise<void> | undefined;
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
 * All open event streams of the process. When `draining` aborts, each is told with `server.draining` and ends; its
 * reader reconnects elsewhere and goes on from the last id it saw.
 */
export function createEventStreams(options: { heartbeats: Heartbeats; draining: AbortSignal }) {
  const open = new Set<OpenStream>();

  options.draining.addEventListener('abort', () => {
    for (const stream of open) stream.drain();
  });

  return {
    /** Takes over the response; status and headers that were set before are sent with it. `after`: what it has seen. */
    start(res: ServerResponse, after: string | null = null): EventStream {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      res.writeHead(200);
      res.write(`retry: ${reconnectMs}\n\n`);
      const stream = new OpenStream(res, after);
      open.add(stream);
      const stop = options.heartbeats.add(() => stream.beat());
      res.once('close', () => {
        open.delete(stream);
        stop();
        stream.close();
      });
      return stream;
    },
    get size(): number {
      return open.size;
    },
  };
}

export type EventStreams = ReturnType<typeof createEventStreams>;

/** A class, because there are thousands: what they do exists once, and each is its fields. */
class OpenStream implements EventStream {
  readonly #res: ServerResponse;
  readonly #gone = new AbortController();
  /** Of the latest event that was sent. */
  #lastId: string | null;
  /** Nothing was written since the last beat. */
  #isQuiet = false;

  constructor(res: ServerResponse, lastId: string | null) {
    this.#res = res;
    this.#lastId = lastId;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  send(event: ServerSentEvent): Promise<void> | undefined {
    if (this.#res.writableEnded || this.#res.destroyed) return undefined;
    this.#lastId = event.id ?? this.#lastId;
    this.#isQuiet = false;
    return this.#res.write(format(event)) ? undefined : this.#drained();
  }

  beat(): void {
    if (!this.#isQuiet) {
      this.#isQuiet = true;
      return;
    }
    // A stalled reader has enough to read already, and one who reads the end yet gets nothing behind it.
    if (this.#res.writableNeedDrain || this.#res.writableEnded) return;
    this.#res.write(': ping\n\n');
    this.#isQuiet = false;
  }

  /** The server stops: says where to go on, and ends. */
  drain(): void {
    if (this.#res.writableEnded) return;
    const data = { reason: 'The server is stopping.', last_event_id: this.#lastId };
    this.#res.end(format({ event: 'server.draining', data }));
  }

  end(): void {
    this.#res.end();
  }

  close(): void {
    this.#gone.abort();
  }

  async #drained(): Promise<void> {
    await once(this.#res, 'drain', { signal: this.signal }).catch(() => undefined);
  }
}

function format({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
