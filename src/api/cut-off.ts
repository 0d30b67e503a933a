import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '../core/call.ts';
import type { RenderedError } from '../core/endpoint.ts';
import { GatewayError } from '../core/errors.ts';
import { dialects } from '../protocols/index.ts';
import { jobs } from '../protocols/jobs/index.ts';
import { dialectOf } from './dialect-of.ts';
import { renderFor } from './render-for.ts';

/**
 * Connections on which no request came that could be handed on are answered like any other, not with Node's bare status
 * line. Nobody knows whose client it is without a path, so the words are our own.
 */
export function answerBrokenRequests(server: Server, log: Logger): void {
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => {
    const error = errorOf(fault);
    const requestId = `req_${randomUUID()}`;
    // Whoever has gone is no news.
    if (socket.writable) log.info({ requestId, errorCode: error.code, reason: fault.code }, 'broken request');
    end(socket, jobs.renderError(error, requestId), requestId);
  });
}

/** Gives a request up whose body is still to come, and tells its sender why, unless that is being answered already. */
export function cutOff(req: IncomingMessage, res: ServerResponse, error: GatewayError): void {
  const requestId = String(res.getHeader('x-request-id'));
  const dialect = dialectOf(pathOf(req), dialects);
  end(req.socket, renderFor(dialect, req.headers.accept ?? '', error, requestId), requestId);
}

function end(socket: Duplex, answer: RenderedError, requestId: string): void {
  if (socket.writable && !isAnswering(socket)) socket.write(onTheWire(answer, requestId));
  socket.destroy();
}

/** Node's own answer, which this one replaces, looks at the same field; there is no public one. */
function isAnswering(socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

function errorOf({ code }: NodeJS.ErrnoException): GatewayError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('request_timeout', 'The request did not arrive in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('headers_too_large', 'The address and the headers of the request are too large.');
    default:
      return new GatewayError('invalid_request', 'What came is not an HTTP request.');
  }
}

function onTheWire({ status, headers, body }: RenderedError, requestId: string): string {
  const text = JSON.stringify(body);
  const all = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'x-request-id': requestId,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n');
}
