import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Verbs } from '../../core/verbs.ts';
import { embedForCollection, type IndexDependencies, writeChunks } from '../chunks/index-chunks.ts';
import { assertWritableCollection } from '../collections/find.ts';
import { type IngestDependencies, openIngestion, reportProgress } from './ingestion.ts';

export interface IndexBatchesDependencies extends IngestDependencies, IndexDependencies {
  clock: { now(): number };
  chunkBatches: ChunkBatchRepository;
}

/** Embeds and indexes stored batches. One that is done is not touched again, one that was embedded is only indexed. */
export function createIndexBatches(deps: IndexBatchesDependencies): Verbs['indexBatches'] {
  return async ({ from, to, ...run }, call) => {
    const { job, owner, documentId, version, wanted } = await openIngestion(deps, run);
    const collection = await assertWritableCollection(deps, owner, wanted.collectionId);
    const { requestId, keyId, request } = job;
    const asOwner = { ...call, principal: { ...owner, keyId }, requestId, operation: request.operation };
    const key = { documentId, version };
    for (const { batch, chunks, indexedAt } of await deps.chunkBatches.get(job.ownerId, key, from, to)) {
      if (indexedAt !== null) continue;
      const texts = chunks.map(({ content }) => content);
      const unit = `${job.id}:${version}:${batch}`;
      const embedded = await embedForCollection(deps, collection, texts, { ...asOwner, unit });
      const where = { jobId: job.id, ...key, batch };
      call.log.debug({ ...where, embeddedTokens: embedded.usage.promptTokens }, 'batch embedded');
      crashPoint('index.embedded.before_write');
      await writeChunks(deps, { collection, ...key }, chunks, embedded, call.signal);
      crashPoint('index.written.before_mark');
      await deps.chunkBatches.markIndexed(job.ownerId, key, [batch], deps.clock.now());
      call.log.debug(where, 'batch indexed');
      crashPoint('index.marked.before_count');
      const counts = await deps.ingestions.countBatch(job.ownerId, documentId, version);
      await reportProgress(deps, run, counts);
    }
  };
}
