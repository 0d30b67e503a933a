import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { Counters } from '../../adapters/mongo/counters.ts';
import type { IngestionRepository } from '../../adapters/mongo/ingestions.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { TextSplitter } from '../../adapters/parsing/text-splitter.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { NewDocument } from '../../core/verbs.ts';
import type { Admission } from '../admissions.ts';
import { assertWritableCollection } from '../collections/find.ts';
import { resolveModel } from '../resolve-model.ts';
import { documentReference } from './ingestion.ts';

export interface IngestAdmissionDependencies {
  blobs: BlobStore;
  counters: Counters;
  collections: CollectionRepository;
  ingestions: IngestionRepository;
  routers: RouterRepository;
  textSplitter: TextSplitter;
}

/** What a document is asked before its file is accepted, and what becomes of it when the job begins and ends. */
export function createIngestAdmission(deps: IngestAdmissionDependencies): Admission<NewDocument> {
  return {
    async admit(input, call, previous) {
      const collection = await assertWritableCollection(deps, call.principal, input.collectionId);
      await resolveModel(deps, collection.embeddingModel, 'text-embeddings-inference', call.principal);
      const splitter = await deps.textSplitter.open(input.splitter, call.signal);
      await splitter.close();
      const documentId = previous?.documentId ?? (await deps.counters.next('document'));
      return { documentId, collectionId: input.collectionId };
    },

    async accepted(job, input) {
      if (!job.subject || !input.file) return;
      const { documentId, collectionId } = job.subject;
      await deps.blobs.attach(job.ownerId, input.file.id, documentReference(documentId));
      await deps.ingestions.open({
        _id: documentId,
        ownerId: job.ownerId,
        collectionId,
        name: input.name ?? input.file.name ?? `document-${documentId}`,
        jobId: job.id,
        mediaType: input.file.mediaType,
        bytes: input.file.bytes,
        createdAt: job.createdAt,
      });
    },

    async ended(job) {
      if (!job.subject) return;
      const { documentId } = job.subject;
      const version = await deps.ingestions.versionOf(job.ownerId, documentId, job.id);
      const status = job.status === 'cancelled' ? 'cancelled' : 'failed';
      if (version !== null) await deps.ingestions.fail(job.ownerId, documentId, version, status);
    },
  };
}
