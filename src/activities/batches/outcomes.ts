import type { BatchRepository, LineOutcome, StoredLines } from '../../adapters/mongo/batches.ts';
import type { BlobStore } from '../../core/blob.ts';
import { linesReference } from '../jobs/held-blobs.ts';
import { storeJson } from '../jobs/store-json.ts';
import type { FileLine } from './line-reader.ts';
import type { Result } from './line-work.ts';

/** Longer ones are blobs: a row of the database has room for 16 MiB, and many are read together. */
const maxInlineBytes = 1024 * 1024;

export interface OutcomeDependencies {
  batches: BatchRepository;
  blobs: BlobStore;
}

interface Place {
  ownerId: number;
  jobId: string;
  shard: number;
  attempt: number;
}

/** Keeps what became of lines. One write takes all that came while the one before it was under way. */
export function createOutcomes(deps: OutcomeDependencies, place: Place) {
  const { ownerId, jobId, shard, attempt } = place;
  let waiting: LineOutcome[] = [];
  let last: Promise<void> = Promise.resolve();
  let following: Promise<void> | null = null;

  function write(): Promise<void> {
    following ??= last
      .catch(() => undefined)
      .then(() => {
        const outcomes = waiting;
        waiting = [];
        following = null;
        last = deps.batches.put(ownerId, outcomes);
        return last;
      });
    return following;
  }

  async function stored(lines: readonly unknown[]): Promise<StoredLines | null> {
    if (lines.length === 0) return null;
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const bytes = Buffer.from(text);
    if (bytes.byteLength <= maxInlineBytes) return { text };
    const blob = await storeJson(deps.blobs, ownerId, bytes, new AbortController().signal);
    await deps.blobs.attach(ownerId, blob.id, linesReference(jobId));
    return { blob };
  }

  return {
    /** Kept when it resolves, unless these lines had an outcome before. */
    async put([first]: readonly FileLine[], result: Result): Promise<void> {
      if (!first) return;
      const { completed, failed, usage } = result;
      const output = await stored(result.output);
      const errors = await stored(result.errors);
      waiting.push({ jobId, shard, line: first.number, completed, failed, output, errors, usage, attempt });
      await write();
    },
  };
}
