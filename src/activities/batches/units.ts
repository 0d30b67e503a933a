import type { FileLine } from './line-reader.ts';

/** At most so many lines of so many bytes in all. */
export interface Bounds {
  lines: number;
  bytes: number;
}

/** Consecutive lines in groups that are full at either bound; a longer line is a group of its own. The same cuts always. */
export async function* grouped(lines: AsyncIterable<FileLine>, bounds: Bounds): AsyncGenerator<readonly FileLine[]> {
  let group: FileLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const isFull = group.length === bounds.lines || bytes + line.bytes.byteLength > bounds.bytes;
    if (group.length > 0 && isFull) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(line);
    bytes += line.bytes.byteLength;
  }
  if (group.length > 0) yield group;
}
