import { z } from 'zod';
import { GatewayError } from './errors.ts';
import type { JsonLimits } from './json-shape.ts';
import { parseJson } from './parse-json.ts';

/** A text that is to be embedded, as its line says it. */
export interface TextLine {
  /** The caller's own name for it. */
  id: string | null;
  text: string;
}

const text = z.string().min(1);
const lineSchema = z.union([
  text.transform((text): TextLine => ({ id: null, text })),
  z.strictObject({ id: z.string().nullish(), text }).transform(({ id, text }): TextLine => ({ id: id ?? null, text })),
]);

/** Reads a line: a JSON string, or an object `{ id?, text }`. Throws `invalid_request`, `malformed_body`. */
export function readTextLine(bytes: Uint8Array, maxTextBytes: number, limits: JsonLimits): TextLine {
  if (bytes.byteLength > maxTextBytes) {
    throw new GatewayError('invalid_request', `The line is longer than ${maxTextBytes} bytes.`, { param: 'text' });
  }
  const parsed = lineSchema.safeParse(parseJson(bytes, limits));
  if (parsed.success) return parsed.data;
  throw new GatewayError(
    'invalid_request',
    "Expected a text that is not empty, or an object with such a 'text' and at most an 'id' beside it.",
    { param: 'text' },
  );
}
