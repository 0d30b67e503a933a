import { parseJson } from './read-json.ts';
import { readLines } from './read-lines.ts';

/** One JSON value per line. Throws `upstream_error` for a line that is none, as one that the stream ends within. */
export async function* readNdjson(body: AsyncIterable<Uint8Array>, maxLength?: number): AsyncGenerator<unknown> {
  for await (const { text } of readLines(body, maxLength)) {
    if (text.trim() !== '') yield parseJson(text);
  }
}
