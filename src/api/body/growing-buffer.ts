import { GatewayError } from '../../core/errors.ts';

const initialBytes = 16 * 1024;

/**
 * Collects chunks by copying them into one buffer that doubles. A list of chunks would cost a hundred times its bytes
 * when a body arrives one byte at a time. Beyond `maxBytes` it throws `body_too_large`.
 */
export function createGrowingBuffer(maxBytes: number) {
  let buffer = Buffer.allocUnsafe(Math.min(initialBytes, maxBytes));
  let length = 0;

  function grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(needed, buffer.length * 2)));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }

  return {
    append(chunk: Uint8Array): void {
      const needed = length + chunk.length;
      if (needed > maxBytes) throw bodyTooLarge(maxBytes);
      if (needed > buffer.length) grow(needed);
      buffer.set(chunk, length);
      length = needed;
    },
    bytes(): Buffer {
      return buffer.subarray(0, length);
    },
  };
}

export function bodyTooLarge(maxBytes: number): GatewayError {
  return new GatewayError('body_too_large', `The request body must not be larger than ${maxBytes} bytes.`);
}
