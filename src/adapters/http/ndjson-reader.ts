import type { FrameReader } from './frame-reader.ts';
import { LineReader } from './line-reader.ts';
import { parseJson } from './read-json.ts';

/** One JSON value per line. Throws `upstream_error` for a line that is none, as one that the stream ends within. */
export class NdjsonReader implements FrameReader<unknown> {
  readonly #lines = new LineReader();

  push(piece: Uint8Array): readonly unknown[] {
    return valuesIn(this.#lines.push(piece));
  }

  end(): readonly unknown[] {
    return valuesIn(this.#lines.end());
  }
}

function valuesIn(lines: readonly string[]): unknown[] {
  return lines.filter((line) => line.trim() !== '').map(parseJson);
}
