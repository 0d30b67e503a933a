import type { ChunkIndex } from '../../adapters/elasticsearch/chunk-index.ts';
import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { DeletionRepository, DeletionTarget } from '../../adapters/mongo/deletions.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { ExtractionRepository } from '../../adapters/mongo/extractions.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { DeletionRecord } from '../../adapters/mongo/library-record.ts';
import { userOf } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Verbs } from '../../core/verbs.ts';
import { documentReference } from './reference.ts';

export interface DeletionDependencies {
  clock: { now(): number };
  blobs: BlobStore;
  documents: DocumentRepository;
  chunkBatches: ChunkBatchRepository;
  extractions: ExtractionRepository;
  deletions: DeletionRepository;
  chunkIndex: ChunkIndex;
  jobs: JobRepository;
  cancelJob: Verbs['cancelJob'];
}

/** Documents of a collection taken apart in one go; the rest waits for the next. */
const documentsPerPass = 100;
/** A search that has seen the old version may still be reading it. */
const readersLeaveMs = 30_000;
const retryMs = 30_000;
/** A worker that was stopped may have a write under way. When no such write can arrive any more, all is done again. */
const lateWritesMs = 15 * 60_000;

/**
 * Deletes for the caller at once and for good: the promise is written down, `remove` takes the row away, and what is
 * left over, be it because the index is not available, is done by `purgeDeleted`.
 */
export async function promiseDeletion(
  deps: DeletionDependencies,
  target: DeletionTarget,
  remove: () => Promise<unknown>,
  call: Call,
): Promise<void> {
  const now = deps.clock.now();
  const deletion = await deps.deletions.add(target, now, now);
  crashPoint('deletion.promised.before_remove');
  await remove();
  crashPoint('deletion.removed.before_erase');
  await workOn(deps, deletion, call);
}

/** Lets the versions of a document under `belowVersion` go, except the one that readers see. Safe to repeat. */
export async function discardVersions(
  deps: Pick<DeletionDependencies, 'clock' | 'deletions'>,
  target: DeletionTarget & { documentId: number; belowVersion: number },
): Promise<void> {
  const now = deps.clock.now();
  await deps.deletions.add(target, now, now + readersLeaveMs);
}

/** One pass over one deletion; true when nothing is left of it. A failure is logged and the deletion comes up again. */
export async function workOn(deps: DeletionDependencies, deletion: DeletionRecord, call: Call): Promise<boolean> {
  const doneForGoodAt = deletion.createdAt + lateWritesMs;
  try {
    const done = await erase(deps, deletion, call);
    crashPoint('deletion.erased.before_postpone');
    const now = deps.clock.now();
    if (done && now >= doneForGoodAt) {
      await deps.deletions.remove(deletion);
      return true;
    }
    await deps.deletions.postpone(deletion, done ? doneForGoodAt : now);
  } catch (error) {
    call.log.warn({ err: error, deletion: deletion._id }, 'deletion not finished; it will be tried again');
    await deps.deletions.postpone(deletion, deps.clock.now() + retryMs);
  }
  return false;
}

/** False when there is more to do. */
function erase(deps: DeletionDependencies, deletion: DeletionRecord, call: Call): Promise<boolean> {
  const { ownerId, collectionId, documentId, belowVersion } = deletion;
  if (documentId === null) return eraseCollection(deps, ownerId, collectionId, call);
  if (belowVersion === null) return eraseDocument(deps, { ownerId, collectionId, documentId }, call);
  return eraseVersions(deps, { ownerId, collectionId, documentId, belowVersion }, call.signal);
}

async function eraseCollection(
  deps: DeletionDependencies,
  ownerId: number,
  collectionId: number,
  call: Call,
): Promise<boolean> {
  const ids = await deps.documents.idsIn(ownerId, collectionId, documentsPerPass);
  for (const id of ids) {
    call.signal.throwIfAborted();
    await cancelJobs(deps, ownerId, id, call);
    await eraseStored(deps, ownerId, id);
    await deps.documents.remove(ownerId, id);
  }
  const indexDone = await deps.chunkIndex.deleteChunks({ of: 'collection', collectionId }, call.signal);
  return indexDone && ids.length < documentsPerPass;
}

async function eraseDocument(
  deps: DeletionDependencies,
  { ownerId, collectionId, documentId }: { ownerId: number; collectionId: number; documentId: number },
  call: Call,
): Promise<boolean> {
  await deps.documents.remove(ownerId, documentId);
  await cancelJobs(deps, ownerId, documentId, call);
  await eraseStored(deps, ownerId, documentId);
  return deps.chunkIndex.deleteChunks({ of: 'document', collectionId, documentId }, call.signal);
}

async function eraseVersions(
  deps: DeletionDependencies,
  target: { ownerId: number; collectionId: number; documentId: number; belowVersion: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { ownerId, collectionId, documentId, belowVersion } = target;
  const document = await deps.documents.find(documentId);
  const keep = document?.activeVersion ?? null;
  await deps.chunkBatches.deleteVersions(ownerId, documentId, belowVersion, keep);
  for (const extraction of await deps.extractions.outdated(ownerId, documentId, belowVersion, keep)) {
    await deps.blobs.detach(ownerId, extraction.blob.id, documentReference(documentId));
    await deps.extractions.remove(ownerId, extraction);
  }
  return deps.chunkIndex.deleteChunks({ of: 'versions', collectionId, documentId, belowVersion, keep }, signal);
}

/** What would still fill the document. */
async function cancelJobs(deps: DeletionDependencies, ownerId: number, documentId: number, call: Call): Promise<void> {
  for (const { id } of await deps.jobs.openForDocument(ownerId, documentId)) {
    await deps.cancelJob({ id }, { ...call, principal: userOf(ownerId) });
  }
}

/** What hangs on a document, apart from its row and the index. */
async function eraseStored(deps: DeletionDependencies, ownerId: number, documentId: number): Promise<void> {
  await deps.chunkBatches.deleteDocument(ownerId, documentId);
  await deps.extractions.deleteDocument(ownerId, documentId);
  await deps.blobs.release(ownerId, documentReference(documentId));
}
