import type { FrameReader } from './frame-reader.ts';
import { LineReader, maxLineLength, tooLong } from './line-reader.ts';

export interface ServerSentEvent {
  /** Null where the sender names none. */
  event: string | null;
  data: string;
}

/**
 * Server-sent events, by the rules of the HTML standard: comments and unknown fields are passed over, and so is an event
 * that the stream ends within. Throws `upstream_error` for an event longer than `maxLength`.
 */
export class SseReader implements FrameReader<ServerSentEvent> {
  readonly #maxLength: number;
  readonly #lines: LineReader;
  #event: string | null = null;
  #data: string | null = null;

  constructor(maxLength = maxLineLength) {
    this.#maxLength = maxLength;
    this.#lines = new LineReader(maxLength);
  }

  push(piece: Uint8Array): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    for (const line of this.#lines.push(piece)) {
      if (line !== '') {
        this.#take(line);
        continue;
      }
      if (this.#data !== null) events.push({ event: this.#event, data: this.#data });
      this.#event = null;
      this.#data = null;
    }
    return events;
  }

  end(): readonly ServerSentEvent[] {
    return [];
  }

  #take(line: string): void {
    const { name, value } = splitField(line);
    if (name === 'event') this.#event = value;
    if (name !== 'data') return;
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    if (this.#data.length > this.#maxLength) throw tooLong(this.#maxLength);
  }
}

/** A comment begins with a colon: its name is empty. */
function splitField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1;
  return { name: line.slice(0, colon), value: line.slice(start) };
}
