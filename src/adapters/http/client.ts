import { Agent, Pool } from 'undici';
import { GatewayError } from '../../core/errors.ts';
import type { NamedBy } from '../../core/models/provider-address.ts';
import { Exchange } from './exchange.ts';
import { createGuard, type Guard, type Scheme } from './guard.ts';

export interface HttpSettings {
  connectTimeoutMs: number;
  /** From the sent request to the head of the answer, and from there to the first of its body. */
  firstByteTimeoutMs: number;
  /** Between two pieces of a body, while somebody reads them. */
  idleTimeoutMs: number;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Whose word the address is. One that a caller named goes through the guard. */
  namedBy: NamedBy;
  /** Absolute. */
  url: string;
  /** What an address that a caller named may begin with; either of both unless said otherwise. */
  schemes?: readonly Scheme[];
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | Uint8Array | null;
  /** Destroys the socket at once, whatever the exchange has come to. */
  signal: AbortSignal;
  firstByteTimeoutMs?: number;
  idleTimeoutMs?: number;
}

/** Names in lower case. */
export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpAnswer {
  status: number;
  headers: HttpHeaders;
  /**
   * As it comes: what arrived together is one piece, and nobody reading stops the sender. Read it to its end once,
   * `release` or `discard` it. Throws `GatewayError` when it is cut off, stalls, or the signal fires.
   */
  body: AsyncIterable<Uint8Array>;
  /** Nothing more is expected: the connection is kept if the rest comes within a second. */
  release(): void;
  /** Gives the body up and closes the socket. */
  discard(): void;
}

/** The only way out over HTTP: a pool of connections per origin. Follows no redirect. Throws `GatewayError` only. */
export function createHttp(settings: HttpSettings, guard: Guard = createGuard()) {
  const { connectTimeoutMs } = settings;
  const pooling = {
    // One request per socket, so that ending one request is closing one socket.
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: 4_000,
  };
  const agents: Record<NamedBy, Agent> = {
    operator: new Agent({ ...pooling, connect: { timeout: connectTimeoutMs } }),
    caller: new Agent({
      ...pooling,
      factory: (origin, options) =>
        new Pool(origin, { ...options, connect: guard.connectorTo(new URL(origin), connectTimeoutMs) }),
    }),
  };

  return {
    /** Resolves with the head of the answer, whatever its status. */
    async request(request: HttpRequest): Promise<HttpAnswer> {
      const url = addressOf(request, guard);
      const firstByteTimeoutMs = request.firstByteTimeoutMs ?? settings.firstByteTimeoutMs;
      const idleTimeoutMs = request.idleTimeoutMs ?? settings.idleTimeoutMs;
      const exchange = new Exchange(request.signal, { firstByteTimeoutMs, idleTimeoutMs });
      if (!request.signal.aborted) {
        agents[request.namedBy].dispatch(
          {
            origin: url.origin,
            path: url.pathname + url.search,
            method: request.method,
            headers: { 'accept-encoding': 'identity', ...request.headers },
            body: request.body,
            headersTimeout: firstByteTimeoutMs,
            // The exchange's own: a head that comes at once says nothing of when the first word will.
            bodyTimeout: 0,
          },
          exchange,
        );
      }
      return exchange.head;
    },

    /** Ends what runs. */
    async close(): Promise<void> {
      await Promise.all([agents.operator.destroy(), agents.caller.destroy()]);
    },
  };
}

export type Http = ReturnType<typeof createHttp>;

function addressOf({ url, namedBy, schemes }: HttpRequest, guard: Guard): URL {
  try {
    return namedBy === 'caller' ? guard.parse(url, schemes) : new URL(url);
  } catch (cause) {
    throw new GatewayError('upstream_error', "The model's provider could not be reached.", { cause });
  }
}
