import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The records of a spool file, at most `size` at a time. A line that is no record was torn when its process or the disk
 * failed: `onTorn` hears of it and the rest is read. A file that somebody else took over has no records.
 */
export async function* readBatches<Record>(
  path: string,
  size: number,
  onTorn: (line: string) => void,
): AsyncGenerator<Record[]> {
  let batch: Record[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
      if (line === '') continue;
      const record = parse<Record>(line);
      if (record === null) {
        onTorn(line);
        continue;
      }
      batch.push(record);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (batch.length > 0) yield batch;
}

function parse<Record>(line: string): Record | null {
  try {
    return JSON.parse(line) as Record;
  } catch {
    return null;
  }
}
