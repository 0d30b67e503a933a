import type { DeletionRepository } from '../../adapters/mongo/deletions.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { answer } from '../../core/invoke.ts';
import type { Verbs } from '../../core/verbs.ts';
import { discardVersions } from '../documents/deletion.ts';
import { endpointOf, restoreRequest } from '../jobs/stored-request.ts';
import type { IndexBatchesDependencies } from './index-batches.ts';
import { documentGone, openIngestion } from './ingestion.ts';

export interface PublishDependencies extends IndexBatchesDependencies {
  deletions: DeletionRepository;
}

/** The chunks become findable in one write, then the job completes with what the synchronous call would answer. */
export function createPublishDocument(deps: PublishDependencies): Verbs['publishDocument'] {
  return async (run, call) => {
    const { job, documentId, version, wanted } = await openIngestion(deps, run);
    const { ownerId } = job;
    const { collectionId } = wanted;
    const collection = await deps.collections.find(collectionId);
    if (!collection || collection.dimensions === null) throw documentGone();
    const space = { model: collection.embeddingModel, dimensions: collection.dimensions };
    await deps.chunkIndex.refresh(space, call.signal);

    const { chunks, indexed } = await deps.chunkBatches.count(ownerId, { documentId, version });
    // A worker that was lost between indexing a batch and counting it left the count behind.
    await deps.ingestions.setProgress(ownerId, documentId, version, { batchesDone: indexed });
    crashPoint('publish.counted.before_flip');
    const published = await deps.ingestions.complete(ownerId, documentId, version, chunks);
    if (!published) throw documentGone();
    crashPoint('publish.flipped.before_discard');
    if (version > 1) await discardVersions(deps, { ownerId, collectionId, documentId, belowVersion: version });

    crashPoint('publish.discarded.before_result');
    const request = await restoreRequest(deps.blobs, job);
    await deps.lifecycle.complete(run, answer(endpointOf(job.request.operation), { id: documentId }, request));
  };
}
