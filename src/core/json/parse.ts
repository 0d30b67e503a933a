import { GatewayError } from '../errors.ts';
import { findJsonFault } from './fault.ts';
import { checkJsonShape, type JsonLimits } from './shape.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Bytes from a caller to a JSON value. Duplicate keys: the last one counts, as in `JSON.parse`. Throws `malformed_body`
 * with the position of the fault, also for invalid UTF-8, numbers beyond a double, and keys named `__proto__`, which
 * would become a prototype when somebody copies the object key by key.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  checkJsonShape(bytes, limits);
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(describeFault(text), error);
  }
  refuseHostileValues(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw malformed('The request body is not valid UTF-8.', error);
  }
}

function describeFault(text: string): string {
  const fault = findJsonFault(text);
  if (fault === null) return 'The request body is not valid JSON.';
  const { line, column, offset, expected, found } = fault;
  return `The request body is not valid JSON at line ${line}, column ${column} (position ${offset}): expected ${expected}, got ${found}.`;
}

/** Walks without recursion; the number of values has been bounded before. */
function refuseHostileValues(root: unknown): void {
  const pending = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw malformed('The request body holds a number that is too large for a double.');
    }
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) throw malformed("The request body must not hold a key named '__proto__'.");
    for (const child of Object.values(value)) pending.push(child);
  }
}

function malformed(message: string, cause?: unknown): GatewayError {
  return new GatewayError('malformed_body', message, { cause });
}
