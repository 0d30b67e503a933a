import type { Call } from '../../core/call.ts';
import { type DeletionDependencies, workOn } from './deletion.ts';

/** A call that posted chunks and has not come back for them by now never will. */
const abandonedMs = 60 * 60_000;

/**
 * Finishes what deletions have left over, and clears away chunks that were posted and never shown. Answers how many
 * things are gone for good; call it again and again.
 */
export async function purgeDeleted(deps: DeletionDependencies, limit: number, call: Call): Promise<number> {
  const due = await deps.deletions.due(deps.clock.now(), limit);
  let finished = 0;
  for (const deletion of due) {
    call.signal.throwIfAborted();
    if (await workOn(deps, deletion, call)) finished += 1;
  }
  return finished + (await purgeAbandoned(deps, limit, call));
}

async function purgeAbandoned(deps: DeletionDependencies, limit: number, call: Call): Promise<number> {
  const batches = await deps.chunkBatches.abandoned(deps.clock.now() - abandonedMs, limit);
  for (const batch of batches) {
    const { collectionId, documentId, version } = batch;
    const chunkIds = batch.chunks.map((chunk) => chunk.id);
    const chunks = { of: 'chunks' as const, collectionId, documentId, version, chunkIds };
    await deps.chunkIndex.deleteChunks(chunks, call.signal);
    await deps.chunkBatches.remove(batch);
  }
  return batches.length;
}
