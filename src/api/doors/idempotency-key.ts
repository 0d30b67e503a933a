import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../core/errors.ts';

const structured = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const bare = /^[\x21\x23-\x7e][\x20-\x7e]*$/;
const maxLength = 255;

/** The `Idempotency-Key` of a submission: as a structured field (`"…"`) or bare. Null when there is none. */
export function idempotencyKeyOf(req: IncomingMessage): string | null {
  const values = req.headersDistinct['idempotency-key'] ?? [];
  const [value] = values;
  if (value === undefined) return null;
  const key = structured.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? bare.exec(value)?.[0] ?? '';
  if (values.length === 1 && key.length >= 1 && key.length <= maxLength) return key;
  throw new GatewayError(
    'invalid_request',
    `Idempotency-Key must be given once, as 1 to ${maxLength} printable ASCII characters.`,
    { param: 'Idempotency-Key' },
  );
}
