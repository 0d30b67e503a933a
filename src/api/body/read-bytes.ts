import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { bodyTooLarge, createGrowingBuffer } from './growing-buffer.ts';

/** A real document seldom shrinks by more than 20; zeros shrink by 1,000. */
const maxInflation = 100;

/**
 * The whole body of a request, inflated if it came as gzip. Throws `body_too_large` before reading when the declared
 * length is over `maxBytes`, and while reading as soon as what came is. The request stays open, so that it can still
 * be answered.
 */
export async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  assertThat(
    encoding === 'identity' || encoding === 'gzip',
    'unsupported_media_type',
    `Content-Encoding must be gzip or left out, got '${encoding}'.`,
  );
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw bodyTooLarge(maxBytes);
  try {
    return await (encoding === 'gzip' ? readInflated(req, maxBytes) : readPlain(req, maxBytes));
  } catch (error) {
    throw readingError(error, req);
  }
}

async function readPlain(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = createGrowingBuffer(maxBytes);
  for await (const chunk of chunksOf(req)) body.append(chunk);
  return body.bytes();
}

async function readInflated(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = createGrowingBuffer(maxBytes);
  let compressedBytes = 0;
  await pipeline(
    async function* countCompressed() {
      for await (const chunk of chunksOf(req)) {
        compressedBytes += chunk.length;
        if (compressedBytes > maxBytes) throw bodyTooLarge(maxBytes);
        yield chunk;
      }
    },
    createGunzip(),
    async function collect(inflated: AsyncIterable<Buffer>) {
      for await (const chunk of inflated) {
        body.append(chunk);
        assertThat(
          body.length <= compressedBytes * maxInflation,
          'body_too_large',
          `The request body inflates to more than ${maxInflation} times its size.`,
        );
      }
    },
  );
  return body.bytes();
}

/** Leaving the loop early must not destroy the socket: the refusal has yet to be sent over it. */
function chunksOf(req: IncomingMessage): AsyncIterable<Buffer> {
  return req.iterator({ destroyOnReturn: false });
}

function readingError(error: unknown, req: IncomingMessage): unknown {
  if (error instanceof GatewayError) return error;
  if (req.destroyed && !req.complete) {
    return new GatewayError('client_closed_request', 'The connection closed before the body was complete.', {
      cause: error,
    });
  }
  return new GatewayError('malformed_body', 'The request body is not valid gzip data.', { cause: error });
}
