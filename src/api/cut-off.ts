import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../core/errors.ts';
import { jobs } from '../protocols/jobs/index.ts';

/** Connections on which no whole request came are answered like any other, not with Node's bare status line. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => cutOff(socket, errorOf(fault)));
}

/**
 * Ends a connection whose request will never be whole. The sender is told why, unless an answer is under way there
 * already. Whose client it is cannot be known before there is a path, so the words are our own.
 */
export function cutOff(socket: Duplex, error: GatewayError): void {
  if (socket.writable && !isAnswering(socket)) socket.write(rendered(error));
  socket.destroy();
}

/** Node's own answer, which this one replaces, looks at the same field; there is no public one. */
function isAnswering(socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
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

function rendered(error: GatewayError): string {
  const requestId = `req_${randomUUID()}`;
  const { status, body } = jobs.renderError(error, requestId);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `x-request-id: ${requestId}`,
    '',
    text,
  ].join('\r\n');
}
