import type { GatewayError } from '../../core/errors.ts';
import { malformedAnswer } from '../../core/malformed-answer.ts';
import type { FrameReader } from './frame-reader.ts';

/** In UTF-16 units. Far above a picture in base64, far below what hurts. */
export const maxLineLength = 32 * 1024 * 1024;

/**
 * The lines of a text that is cut anywhere, also within a character or a line end (LF, CR or CRLF). What follows the last
 * line end is left at the end, if it is not empty.
 */
export class LineReader implements FrameReader<string> {
  readonly #maxLength: number;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #endedWithReturn = false;

  constructor(maxLength = maxLineLength) {
    this.#maxLength = maxLength;
  }

  push(piece: Uint8Array): readonly string[] {
    let text = this.#decoder.decode(piece, { stream: true });
    if (text === '') return [];
    if (this.#endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    this.#endedWithReturn = text === '' ? false : text.endsWith('\r');
    if (text.includes('\r')) text = text.replaceAll(/\r\n?/g, '\n');

    const lines: string[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.push(this.#rest + text.slice(from, end));
      this.#rest = '';
      from = end + 1;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > this.#maxLength) throw tooLong(this.#maxLength);
    return lines;
  }

  end(): readonly string[] {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = '';
    return last === '' ? [] : [last];
  }
}

export function tooLong(maxLength: number): GatewayError {
  return malformedAnswer(new Error(`more than ${maxLength} characters in one frame`));
}
