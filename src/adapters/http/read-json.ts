import { GatewayError } from '../../core/errors.ts';
import type { HttpAnswer } from './client.ts';
import { assertContentType } from './content-type.ts';

const MiB = 1024 * 1024;

/** The JSON of an answer. Throws `upstream_error` when it is none, or longer than `maxBytes`. */
export async function readJson(answer: HttpAnswer, maxBytes = 64 * MiB): Promise<unknown> {
  assertContentType(answer, 'json');
  const { bytes, whole } = await readUpTo(answer.body, maxBytes);
  if (!whole) throw unreadable(new Error(`more than ${maxBytes} bytes`));
  return parseJson(bytes.toString('utf8'));
}

/** Throws `upstream_error` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(error);
  }
}

/** The beginning of a body; the rest is given up. */
export async function readUpTo(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ bytes: Buffer; whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length > maxBytes) return { bytes: Buffer.concat(pieces).subarray(0, maxBytes), whole: false };
  }
  return { bytes: Buffer.concat(pieces), whole: true };
}

function unreadable(cause: unknown): GatewayError {
  return new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", { cause });
}
