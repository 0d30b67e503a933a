/** Where a value stands in a JSON text: bytes from `start` to before `end`. */
export interface Span {
  start: number;
  end: number;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);

/**
 * The values of one member of the object that `json` is, wherever it is named and however its name is escaped: a reader
 * may take the first or the last of two. `json` must be valid; nothing in it is copied.
 */
export function memberSpans(json: Buffer, name: string): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let isWanted = false;
  let start = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === quote) {
      const end = endOfString(json, at);
      if (depth === 1 && !isWanted && json[afterSpace(json, end)] === colon && isKey(json, at, name, end)) {
        at = afterSpace(json, end);
        start = afterSpace(json, at + 1);
        isWanted = true;
      } else at = end - 1;
    } else if (opening.has(byte)) depth += 1;
    else if (closing.has(byte)) depth -= 1;
    if (isWanted && at >= start && ((byte === comma && depth === 1) || depth === 0)) {
      spans.push({ start, end: beforeSpace(json, at) });
      isWanted = false;
    }
  }
  return spans;
}

/** The place behind the string that begins at `at`. Strings are the bulk of a text: `indexOf` runs over them natively. */
function endOfString(json: Buffer, at: number): number {
  let end = json.indexOf(quote, at + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(quote, end + 1);
  return end === -1 ? json.length : end + 1;
}

function isEscaped(json: Buffer, at: number): boolean {
  let slashes = 0;
  while (json[at - 1 - slashes] === backslash) slashes += 1;
  return slashes % 2 === 1;
}

function isKey(json: Buffer, start: number, name: string, end: number): boolean {
  const key = json.toString('utf8', start, end);
  return key === `"${name}"` || (key.includes('\\') && JSON.parse(key) === name);
}

function afterSpace(json: Buffer, from: number): number {
  let at = from;
  while (isSpace(json[at])) at += 1;
  return at;
}

function beforeSpace(json: Buffer, from: number): number {
  let at = from;
  while (isSpace(json[at - 1])) at -= 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
