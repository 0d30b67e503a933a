import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usageError } from '../cli-error.ts';
import type { Message } from './verify.ts';

/** More than any message has: a result of 256 KiB and what is around it. */
const maxBytes = 1024 * 1024;

export interface Receiving {
  /** Where it listens. */
  url: string;
  /** Resolves when `signal` has ended it. */
  ended: Promise<void>;
}

/** Takes messages until `signal` aborts. `take` answers the status that each is answered with. */
export async function receive(
  { host, port }: { host: string; port: number },
  take: (message: Message) => number,
  signal: AbortSignal,
): Promise<Receiving> {
  const server = createServer((request, response) => {
    answer(request, response, take).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw usageError(`Cannot listen on ${host}, port ${port}: ${cause.code}.`);
  });
  const ended = once(server, 'close').then(() => undefined);
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, ended };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: (message: Message) => number,
): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) return void response.writeHead(413, { connection: 'close' }).end();
    parts.push(part);
  }
  response.writeHead(take({ headers: request.headers, body: Buffer.concat(parts) })).end();
}
