/** Where a text stops being JSON. Offsets count UTF-16 units from 0; lines and columns count from 1. */
export interface JsonFault {
  offset: number;
  line: number;
  column: number;
  expected: string;
  found: string;
}

const token = /[ \t\n\r]*(?:([{}[\]:,])|(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|("))/y;
const whiteSpace = /[ \t\n\r]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What may come next, as it is told to the caller. */
type Expectation =
  | 'a value'
  | "a value or ']'"
  | 'a key'
  | "a key or '}'"
  | "':'"
  | "',' or ']'"
  | "',' or '}'"
  | 'the end';

/**
 * Finds what `JSON.parse` refused; its own messages name a position only sometimes. Null when the text is well-formed.
 * Runs on refused texts only.
 */
export function findJsonFault(text: string): JsonFault | null {
  const closers: (']' | '}')[] = [];
  let expected: Expectation = 'a value';
  let position = 0;
  const afterValue = (): Expectation => {
    const closer = closers.at(-1);
    return closer === undefined ? 'the end' : `',' or '${closer}'`;
  };

  for (;;) {
    token.lastIndex = position;
    const match = token.exec(text);
    whiteSpace.lastIndex = position;
    const start = position + (whiteSpace.exec(text)?.[0].length ?? 0);
    if (start === text.length && expected === 'the end') return null;
    if (match === null) return faultAt(text, start, expected);
    const sign = match[1] ?? match[2] ?? 'scalar';
    const next = follow(sign, expected, closers, afterValue);
    if (next === null) return faultAt(text, start, expected);
    expected = next;
    position = token.lastIndex;
    if (sign === '"') {
      const end = skipString(text, position);
      if (!end.closed) return faultAt(text, end.offset, 'the rest of a string');
      position = end.offset;
    }
  }
}

function follow(
  sign: string,
  expected: Expectation,
  closers: (']' | '}')[],
  afterValue: () => Expectation,
): Expectation | null {
  const valueFits = expected === 'a value' || expected === "a value or ']'";
  const keyFits = expected === 'a key' || expected === "a key or '}'";
  if (sign === '"' && keyFits) return "':'";
  if (sign === ':') return expected === "':'" ? 'a value' : null;
  if (sign === ',' && expected === "',' or ']'") return 'a value';
  if (sign === ',' && expected === "',' or '}'") return 'a key';
  if ((sign === ']' || sign === '}') && expected.endsWith(`or '${sign}'`)) {
    closers.pop();
    return afterValue();
  }
  if (!valueFits) return null;
  if (sign === '{') closers.push('}');
  else if (sign === '[') closers.push(']');
  else return sign === '"' || sign === 'scalar' ? afterValue() : null;
  return sign === '{' ? "a key or '}'" : "a value or ']'";
}

/** From behind an opening quote to behind the closing one, or to the character that does not belong. */
function skipString(text: string, start: number): { offset: number; closed: boolean } {
  for (let offset = start; offset < text.length; offset += 1) {
    const character = text[offset];
    if (character === '"') return { offset: offset + 1, closed: true };
    if (character === '\\') {
      escapeSequence.lastIndex = offset;
      const escaped = escapeSequence.exec(text);
      if (escaped === null) return { offset, closed: false };
      offset += escaped[0].length - 1;
    } else if (text.charCodeAt(offset) < 0x20) {
      return { offset, closed: false };
    }
  }
  return { offset: text.length, closed: false };
}

function faultAt(text: string, offset: number, expected: string): JsonFault {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    offset,
    line: before.split('\n').length,
    column: offset - lineStart + 1,
    expected,
    found:
      offset >= text.length
        ? 'the end of the body'
        : JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0)),
  };
}
