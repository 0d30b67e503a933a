import { GatewayError } from '../../core/errors.ts';

/** In UTF-16 units. Far above a picture in base64, far below what hurts. */
export const maxLineLength = 32 * 1024 * 1024;

/**
 * The lines of a text that comes in pieces cut anywhere, also within a character or a line end (LF, CR or CRLF). What
 * follows the last line end comes last, if it is not empty.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  maxLength = maxLineLength,
): AsyncGenerator<{ text: string; ended: boolean }> {
  const decoder = new TextDecoder();
  let rest = '';
  let endedWithReturn = false;
  for await (const piece of body) {
    let text = decoder.decode(piece, { stream: true });
    if (text === '') continue;
    if (endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    endedWithReturn = text === '' ? false : text.endsWith('\r');
    if (text.includes('\r')) text = text.replaceAll(/\r\n?/g, '\n');

    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield { text: rest + text.slice(from, end), ended: true };
      rest = '';
      from = end + 1;
    }
    rest += text.slice(from);
    if (rest.length > maxLength) throw tooLong(maxLength);
  }
  rest += decoder.decode();
  if (rest !== '') yield { text: rest, ended: false };
}

export function tooLong(maxLength: number): GatewayError {
  return new GatewayError('upstream_error', "The model's provider gave an answer that cannot be read.", {
    cause: new Error(`more than ${maxLength} characters in one frame`),
  });
}
