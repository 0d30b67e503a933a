import { malformedAnswer } from '../../core/malformed-answer.ts';
import type { HttpAnswer } from './client.ts';
import { assertContentType } from './content-type.ts';

const MiB = 1024 * 1024;

/** The JSON of an answer. Throws `upstream_error` when it is none, or longer than `maxBytes`. */
export async function readJson(answer: HttpAnswer, maxBytes = 64 * MiB): Promise<unknown> {
  assertContentType(answer, 'json');
  const { bytes, whole } = await readUpTo(answer.body, maxBytes);
  if (!whole) throw malformedAnswer(new Error(`more than ${maxBytes} bytes`));
  return parseJson(bytes.toString('utf8'));
}

/** Throws `upstream_error` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformedAnswer(error);
  }
}

/**
 * The beginning of a body; the rest is given up. Pieces are copied into one buffer that doubles: a list of them would
 * cost a hundred times its bytes where a body arrives one byte at a time.
 */
export async function readUpTo(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ bytes: Buffer; whole: boolean }> {
  let buffer = Buffer.alloc(0);
  let length = 0;
  for await (const piece of body) {
    const needed = length + piece.length;
    const kept = Math.min(needed, maxBytes);
    if (kept > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(kept, buffer.length * 2)));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    buffer.set(piece.subarray(0, kept - length), length);
    length = kept;
    if (needed > maxBytes) return { bytes: buffer.subarray(0, length), whole: false };
  }
  return { bytes: buffer.subarray(0, length), whole: true };
}
