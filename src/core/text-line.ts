import { z } from 'zod';
import { GatewayError } from './errors.ts';
import { parseJson } from './json/parse.ts';
import type { JsonLimits } from './json/shape.ts';
import { type Metadata, metadata } from './metadata.ts';

/** A text that is to be embedded, as its line says it. */
export interface TextLine {
  /** The caller's own name for it. */
  id: string | null;
  text: string;
  /** Of its chunk, where texts go into a collection. */
  metadata: Metadata | null;
}

const text = z.string().min(1);
const lineSchema = z.union([
  text.transform((text): TextLine => ({ id: null, text, metadata: null })),
  z
    .strictObject({ id: z.string().nullish(), text, metadata: metadata.nullish() })
    .transform(({ id, text, metadata }): TextLine => ({ id: id ?? null, text, metadata: metadata ?? null })),
]);

/** Reads a line: a JSON string, or an object `{ id?, text, metadata? }`. Throws `invalid_request`, `malformed_body`. */
export function readTextLine(bytes: Uint8Array, maxTextBytes: number, limits: JsonLimits): TextLine {
  if (bytes.byteLength > maxTextBytes) {
    throw new GatewayError('invalid_request', `The line is longer than ${maxTextBytes} bytes.`, { param: 'text' });
  }
  const parsed = lineSchema.safeParse(parseJson(bytes, limits));
  if (parsed.success) return parsed.data;
  throw new GatewayError(
    'invalid_request',
    "Expected a text that is not empty, or an object with such a 'text' and at most an 'id' and 'metadata' beside it.",
    { param: 'text' },
  );
}
