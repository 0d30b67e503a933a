import { Agent } from 'undici';
import { assertThat } from '../../core/errors.ts';
import { Exchange } from './exchange.ts';

export interface HttpSettings {
  connectTimeoutMs: number;
  /** From the sent request to the head of the answer. */
  firstByteTimeoutMs: number;
  /** Between two pieces of a body. */
  idleTimeoutMs: number;
}

/** Long enough for a model that thinks before it speaks; the time of a whole call is bounded by its signal. */
export const defaultHttpSettings: HttpSettings = {
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 300_000,
  idleTimeoutMs: 120_000,
};

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Absolute. */
  url: string;
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
export function createHttp(settings: HttpSettings) {
  const agent = new Agent({
    // One request per socket, so that ending one request is closing one socket.
    allowH2: false,
    pipelining: 1,
    connect: { timeout: settings.connectTimeoutMs },
    keepAliveTimeout: 4_000,
  });

  return {
    /** Resolves with the head of the answer, whatever its status. */
    async request(request: HttpRequest): Promise<HttpAnswer> {
      const url = URL.parse(request.url);
      assertThat(url, 'upstream_error', "The address of the model's provider is none.");
      const exchange = new Exchange(request.signal);
      if (!request.signal.aborted) {
        agent.dispatch(
          {
            origin: url.origin,
            path: url.pathname + url.search,
            method: request.method,
            headers: { 'accept-encoding': 'identity', ...request.headers },
            body: request.body,
            headersTimeout: request.firstByteTimeoutMs ?? settings.firstByteTimeoutMs,
            bodyTimeout: request.idleTimeoutMs ?? settings.idleTimeoutMs,
          },
          exchange,
        );
      }
      return exchange.head;
    },

    /** Ends what runs. */
    async close(): Promise<void> {
      await agent.destroy();
    },
  };
}

export type Http = ReturnType<typeof createHttp>;
