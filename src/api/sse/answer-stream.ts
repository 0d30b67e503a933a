import type { ServerResponse } from 'node:http';
import type { StreamForm, WireEvent } from '../../core/endpoint.ts';
import { openChunkedBody } from './chunked-body.ts';
import type { Heartbeats } from './heartbeats.ts';

/** The streamed answer of a call, on its way to the caller. */
export interface AnswerStream {
  send(events: readonly WireEvent[]): Promise<void> | undefined;
  /** Bytes that are frames already, whole or in pieces. */
  relay(bytes: Uint8Array): Promise<void> | undefined;
  end(): void;
}

const mediaTypes = { sse: 'text/event-stream; charset=utf-8', ndjson: 'application/x-ndjson' } as const;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Takes over the response. What is written in one turn of the event loop leaves in one piece: Node sees to that. A
 * promise in the answer of a write asks its writer to wait: the reader is slower.
 */
export function openAnswerStream(
  res: ServerResponse,
  writer: StreamForm['writer'],
  heartbeats: Heartbeats,
): AnswerStream {
  /** Nothing is half written, so that a comment may stand here. */
  let isBetweenFrames = true;
  let isQuiet = false;

  function write(chunk: string | Uint8Array): Promise<void> | undefined {
    if (res.writableEnded || res.destroyed) return undefined;
    isQuiet = false;
    return body.write(chunk) ? undefined : drained(res);
  }

  res.setHeader('Content-Type', mediaTypes[writer]);
  res.setHeader('Cache-Control', 'no-cache');
  // Without it nginx collects the events and hands them on in blocks.
  res.setHeader('X-Accel-Buffering', 'no');
  res.writeHead(200);
  const body = openChunkedBody(res);
  if (writer === 'sse') {
    const stop = heartbeats.add(() => {
      if (!isQuiet) isQuiet = true;
      else if (isBetweenFrames && !res.writableNeedDrain) void write(': ping\n\n');
    });
    if (res.closed) stop();
    else res.once('close', stop);
  }

  return {
    send: (events) => (events.length === 0 ? undefined : write(events.map(formats[writer]).join(''))),
    relay(bytes) {
      isBetweenFrames = endsFrame(bytes);
      return write(bytes);
    },
    end() {
      body.end();
    },
  };
}

function endsFrame(bytes: Uint8Array): boolean {
  if (bytes.at(-1) !== lineFeed) return false;
  return bytes.at(-2) === lineFeed || (bytes.at(-2) === carriageReturn && bytes.at(-3) === lineFeed);
}

const formats = {
  sse: ({ event, data }: WireEvent) => `${event === undefined ? '' : `event: ${event}\n`}data: ${text(data)}\n\n`,
  ndjson: ({ data }: WireEvent) => `${text(data)}\n`,
} as const;

function text(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

/** Resolves when there is room again, or nobody to make room for. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.once('drain', done);
    res.once('close', done);
  });
}
