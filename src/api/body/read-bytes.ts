import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { bodyTooLarge, createGrowingBuffer } from './growing-buffer.ts';

/** A real document seldom shrinks by more than 20; zeros shrink by 1,000. */
const maxInflation = 100;

const gunzipped = promisify(gunzip);

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
  const bytes = await receive(req, maxBytes);
  return encoding === 'gzip' ? inflate(bytes, maxBytes) : bytes;
}

/** By events: an iterator makes a promise for every chunk, which counts when a chunk is one byte. */
function receive(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = createGrowingBuffer(maxBytes);
  return new Promise((resolve, reject) => {
    const append = (chunk: Buffer) => {
      try {
        body.append(chunk);
      } catch (error) {
        req.off('data', append).pause();
        reject(error);
      }
    };
    req.on('data', append);
    req.once('end', () => resolve(body.bytes()));
    req.once('error', (cause) => reject(connectionClosed(cause)));
    req.once('close', () => {
      if (!req.readableEnded) reject(connectionClosed());
    });
  });
}

async function inflate(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const maxInflatedBytes = bytes.length * maxInflation;
  try {
    return await gunzipped(bytes, { maxOutputLength: Math.max(1, Math.min(maxBytes, maxInflatedBytes)) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw new GatewayError('malformed_body', 'The request body is not valid gzip data.', { cause });
    }
    if (maxInflatedBytes >= maxBytes) throw bodyTooLarge(maxBytes);
    throw new GatewayError('body_too_large', `The request body inflates to more than ${maxInflation} times its size.`);
  }
}

function connectionClosed(cause?: unknown): GatewayError {
  return new GatewayError('client_closed_request', 'The connection closed before the body was complete.', { cause });
}
