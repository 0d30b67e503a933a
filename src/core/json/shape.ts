import { GatewayError } from '../errors.ts';

export interface JsonLimits {
  maxJsonDepth: number;
  maxJsonNodes: number;
}

/** Of what has been held against limits before: those of today may be others. */
export const noLimits: JsonLimits = { maxJsonDepth: Number.POSITIVE_INFINITY, maxJsonNodes: Number.POSITIVE_INFINITY };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const space = 0x20;

/**
 * One scan over the bytes, before anything is parsed: deep nesting overflows the stack of whatever walks the value
 * later, and many small nodes cost far more memory than their bytes. Malformed text passes; the parser refuses it.
 */
export function checkJsonShape(bytes: Uint8Array, limits: JsonLimits): void {
  let depth = 0;
  let nodes = 1;
  let opened = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === undefined || byte <= space) continue;
    const closes = byte === closeBracket || byte === closeBrace;
    if (byte === comma || (opened && !closes)) nodes += 1;
    opened = byte === openBracket || byte === openBrace;
    if (opened) depth += 1;
    else if (closes) depth -= 1;
    else if (byte === quote) index = endOfString(bytes, index);
    if (depth > limits.maxJsonDepth) throw tooDeep(limits.maxJsonDepth);
    if (nodes > limits.maxJsonNodes) throw tooMany(limits.maxJsonNodes);
  }
}

/** Index of the quote that closes the string opened at `start`; the last index when there is none. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end !== -1; end = bytes.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}

function tooDeep(maxDepth: number): GatewayError {
  return new GatewayError('malformed_body', `The request body is nested deeper than ${maxDepth} levels.`);
}

function tooMany(maxNodes: number): GatewayError {
  return new GatewayError('body_too_large', `The request body must not hold more than ${maxNodes} JSON values.`);
}
