/** A vendor of paid models over real HTTP: answers by script, and keeps a ledger of what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** Written by itself, or waited for before the next. */
export type Piece = string | Uint8Array | { until: Promise<unknown> } | { afterMs: number };

export interface Answer {
  /** 200 unless said otherwise. */
  status?: number;
  headers?: Record<string, string>;
  /** Waited for before the head. */
  until?: Promise<unknown>;
  body?: readonly Piece[];
  /** After the last piece: end properly (unless said otherwise), cut the connection, or keep silent. */
  ending?: 'end' | 'cut' | 'hang';
}

/** `silence`: not even a head comes. `reset`: the connection is reset instead. */
export type Script = Answer | 'silence' | 'reset';

export interface Asked {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; undefined where it is none. */
  json: unknown;
  /** Tells connections apart. */
  clientPort: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** When the client closed the connection before the answer was complete; null while it has not. */
  abandonedAt: number | null;
  /** Whether the answer was given to its end. */
  answered: boolean;
}

export type Respond = (asked: Asked) => Script;

export interface FakeUpstream {
  /** Without `/v1`, with a slash at its end. */
  url: string;
  /** Everything it was asked since the last `reset`, in order. */
  ledger: readonly Asked[];
  /** What the next requests get, one each, before `respond` is asked. */
  next(...scripts: readonly Script[]): void;
  /** What every request gets for which nothing else was scripted. */
  respond(how: Respond | Script): void;
  /** Forgets ledger and scripts. */
  reset(): void;
  close(): Promise<void>;
}

const notScripted: Script = { status: 404, headers: { 'content-type': 'application/json' }, body: ['{"error":"?"}'] };

export async function startFakeUpstream(first: Respond | Script = notScripted): Promise<FakeUpstream> {
  const ledger: Asked[] = [];
  const queue: Script[] = [];
  let respond = asFunction(first);

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const asked: Asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      text,
      json: jsonIn(text),
      clientPort: request.socket.remotePort ?? 0,
      at: Date.now(),
      abandonedAt: null,
      answered: false,
    };
    ledger.push(asked);
    let cutByUs = false;
    response.on('finish', () => {
      asked.answered = true;
    });
    response.on('close', () => {
      if (!asked.answered && !cutByUs) asked.abandonedAt = Date.now();
    });
    const script = queue.shift() ?? respond(asked);
    if (script === 'silence') return;
    if (script === 'reset') {
      cutByUs = true;
      request.socket.resetAndDestroy();
      return;
    }
    const { status = 200, headers = {}, body = [], ending = 'end' } = script;
    await script.until;
    response.writeHead(status, headers);
    response.flushHeaders();
    for (const piece of body) {
      if (asked.abandonedAt !== null) return;
      if (typeof piece === 'string' || piece instanceof Uint8Array) {
        // One that is not read must not be written on and on.
        if (!response.write(piece)) await drained(response);
      } else if ('until' in piece) await piece.until;
      else if (piece.afterMs === 0) await nextTurn();
      else await delay(piece.afterMs);
    }
    if (ending === 'end') response.end();
    if (ending === 'cut') {
      cutByUs = true;
      // What was written so far must have left before the connection goes.
      response.write('', () => response.destroy());
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ledger,
    next: (...scripts) => {
      queue.push(...scripts);
    },
    respond: (how) => {
      respond = asFunction(how);
    },
    reset: () => {
      ledger.length = 0;
      queue.length = 0;
      respond = asFunction(first);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function drained(response: ServerResponse): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  listening.abort();
}

/** An address where nobody listens. */
export async function refusingUrl(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
}

export function jsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: [JSON.stringify(value)] };
}

/** Events of a stream, each a piece of its own. A string stands as it is, anything else as JSON. */
export function sseAnswer(events: readonly unknown[], headers: Record<string, string> = {}): Answer {
  const lines = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
  return { headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers }, body: lines };
}

/** The same bytes one at a time, as from an upstream that holds its connections open. */
export function trickled(answer: Answer, afterMs: number): Answer {
  const bytes = Buffer.concat((answer.body ?? []).filter(isWritten).map((piece) => Buffer.from(piece)));
  return { ...answer, body: [...bytes].flatMap((byte) => [Uint8Array.of(byte), { afterMs }]) };
}

function isWritten(piece: Piece): piece is string | Uint8Array {
  return typeof piece === 'string' || piece instanceof Uint8Array;
}

function asFunction(how: Respond | Script): Respond {
  return typeof how === 'function' ? how : () => how;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
