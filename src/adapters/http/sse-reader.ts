import { maxLineLength, readLines, tooLong } from './read-lines.ts';

export interface ServerSentEvent {
  /** Null where the sender names none. */
  event: string | null;
  data: string;
}

/**
 * Server-sent events, by the rules of the HTML standard: comments and unknown fields are passed over, and so is an event
 * that the stream ends within. Throws `upstream_error` for an event longer than `maxLength`.
 */
export async function* readSse(
  body: AsyncIterable<Uint8Array>,
  maxLength = maxLineLength,
): AsyncGenerator<ServerSentEvent> {
  let event: string | null = null;
  let data: string | null = null;
  for await (const { text, ended } of readLines(body, maxLength)) {
    if (!ended) return;
    if (text === '') {
      if (data !== null) yield { event, data };
      event = null;
      data = null;
      continue;
    }
    const { name, value } = splitField(text);
    if (name === 'event') event = value;
    if (name === 'data') {
      data = data === null ? value : `${data}\n${value}`;
      if (data.length > maxLength) throw tooLong(maxLength);
    }
  }
}

/** A comment begins with a colon: its name is empty. */
function splitField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
  return { name: line.slice(0, colon), value: line.slice(start) };
}
