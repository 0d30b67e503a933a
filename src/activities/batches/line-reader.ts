import { GatewayError } from '../../core/errors.ts';

/** One line of a file, without its end. */
export interface FileLine {
  /** From 1, over the whole file, empty lines included. */
  number: number;
  /** Offsets in the file of its first byte, and of the first byte of the next line. */
  from: number;
  to: number;
  bytes: Uint8Array;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

export interface ReadFrom {
  /** Offset and number of the first line in `content`. */
  offset: number;
  line: number;
  maxLineBytes: number;
}

/**
 * Lines of a file as it comes, empty ones left out. Memory is one line and one piece of the file. Throws
 * `body_too_large` for a line that is too long.
 */
export async function* readLines(content: AsyncIterable<Uint8Array>, start: ReadFrom): AsyncGenerator<FileLine> {
  let number = start.line;
  let from = start.offset;
  let pieces: Uint8Array[] = [];
  let held = 0;

  function take(end: Uint8Array, to: number): FileLine {
    const bytes = trimmed(pieces.length === 0 ? end : Buffer.concat([...pieces, end]), from);
    const line = { number, from, to, bytes };
    pieces = [];
    held = 0;
    number += 1;
    from = to;
    return line;
  }

  for await (const piece of content) {
    let begin = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, begin)) {
      const rest = piece.subarray(begin, end);
      assertLength(held + rest.byteLength, number, start.maxLineBytes);
      begin = end + 1;
      const line = take(rest, from + held + rest.byteLength + 1);
      if (!isBlank(line.bytes)) yield line;
    }
    if (begin === piece.byteLength) continue;
    pieces.push(piece.subarray(begin));
    held += piece.byteLength - begin;
    assertLength(held, number, start.maxLineBytes);
  }
  if (held === 0) return;
  const last = take(new Uint8Array(), from + held);
  if (!isBlank(last.bytes)) yield last;
}

function assertLength(bytes: number, line: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new GatewayError('body_too_large', `Line ${line} is longer than ${maxBytes} bytes.`, { param: String(line) });
}

/** Without the carriage return of Windows' line ends, and the mark that some editors begin a file with. */
function trimmed(bytes: Uint8Array, offset: number): Uint8Array {
  const marked = offset === 0 && byteOrderMark.every((byte, index) => bytes[index] === byte);
  const end = bytes.at(-1) === carriageReturn ? bytes.byteLength - 1 : bytes.byteLength;
  return bytes.subarray(marked ? byteOrderMark.length : 0, end);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === carriageReturn);
}
