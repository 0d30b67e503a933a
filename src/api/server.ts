import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../core/call.ts';
import { guardAnswers } from './answers-under-way.ts';
import { answerBrokenRequests } from './cut-off.ts';
import { enforceUploadRate, type UploadRate } from './upload-rate.ts';

export interface ServerSettings {
  host: string;
  port: number;
  /** How long requests under way may take once the server has begun to stop. */
  shutdownTimeoutMs: number;
}

export interface ServerTimeouts {
  headersTimeout: number;
  keepAliveTimeout: number;
  connectionsCheckingInterval: number;
  uploadRate: UploadRate;
  /** A reader that takes nothing of what waits for it is cut off after once or twice this time. */
  maxStallMs: number;
}

/**
 * Milliseconds. A request must say what it wants soon; how long a large upload takes is up to its rate. A connection is
 * kept for longer than the minute that load balancers and clients count on: whoever closes first must not be us.
 */
export const serverTimeouts: ServerTimeouts = {
  headersTimeout: 15_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  uploadRate: { minBytesPerSecond: 1024, graceMs: 10_000, checkIntervalMs: 1_000 },
  maxStallMs: 60_000,
};

export interface RunningServer {
  url: string;
  port: number;
  /** Takes no new connections, lets requests end, and cuts off what is left at the deadline. */
  close(): Promise<void>;
}

export async function startServer(
  handler: RequestListener,
  settings: ServerSettings,
  log: Logger,
  timeouts: ServerTimeouts = serverTimeouts,
): Promise<RunningServer> {
  const { uploadRate, maxStallMs, ...options } = timeouts;
  // Node's own bound on the whole of a request would end large uploads, however fast they are.
  const server = createServer({ ...options, requestTimeout: 0 }, handler);
  // Whoever asks before sending gets a refusal instead of having uploaded for nothing; see `readRequest`.
  server.on('checkContinue', handler);
  answerBrokenRequests(server, log);
  enforceUploadRate(server, uploadRate);
  guardAnswers(server, maxStallMs);
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: urlOf(settings.host, port), close: () => closeServer(server, settings.shutdownTimeoutMs) };
}

async function closeServer(server: Server, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
  // A connection that was busy when the server closed is idle once it has been answered, and nobody ends it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(deadline);
  clearInterval(sweep);
}

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
