import type { IngestProgress } from './collection.ts';

/** 0 to 100. Reading a document and indexing it count as half the way each. */
export function percentOf({ partsDone, partsTotal, batchesDone, batchesTotal }: IngestProgress): number {
  return Math.floor(50 * share(partsDone, partsTotal) + 50 * share(batchesDone, batchesTotal));
}

function share(done: number, total: number | null): number {
  if (total === null) return 0;
  return total === 0 ? 1 : done / total;
}
