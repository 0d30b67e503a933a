import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { Counters } from '../../adapters/mongo/counters.ts';
import type { DeletionRepository } from '../../adapters/mongo/deletions.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { IngestionRepository } from '../../adapters/mongo/ingestions.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { TextSplitter } from '../../adapters/parsing/text-splitter.ts';
import type { BlobRef, BlobStore } from '../../core/blob.ts';
import type { NewDocument } from '../../core/collection.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Job, JobSubject } from '../../core/job.ts';
import type { Admission } from '../admissions.ts';
import { assertWritableCollection } from '../collections/find.ts';
import { documentReference } from '../documents/reference.ts';
import { resolveModel } from '../resolve-model.ts';

export interface IngestAdmissionDependencies {
  blobs: BlobStore;
  counters: Counters;
  collections: CollectionRepository;
  documents: DocumentRepository;
  deletions: DeletionRepository;
  ingestions: IngestionRepository;
  routers: RouterRepository;
  textSplitter: TextSplitter;
}

/** What a document is asked before its file is accepted, and what becomes of it when the job begins and ends. */
export function createIngestAdmission(deps: IngestAdmissionDependencies): Admission<NewDocument> {
  return {
    async admit(input, call, previous) {
      const collection = await assertWritableCollection(deps, call.principal, input.collectionId);
      await resolveModel(deps, collection.embeddingModel, ['text-embeddings-inference'], call.principal);
      const splitter = await deps.textSplitter.open(input.splitter, call.signal);
      await splitter.close();
      const { collectionId } = input;
      if (previous && (await isThere(collection.ownerId, previous))) return { subject: previous };
      return { subject: { documentId: await deps.counters.next('document'), collectionId } };
    },

    async accepted(job, input) {
      const { subject } = job;
      const { file } = input;
      if (!subject || !file) return;
      if (await holdsDocument(job, subject, file, input.name)) {
        crashPoint('admission.document_made.before_attach');
        await deps.blobs.attach(job.ownerId, file.id, documentReference(subject.documentId));
      }
    },

    async ended(job) {
      if (!job.subject) return;
      const { documentId } = job.subject;
      const version = await deps.ingestions.versionOf(job.ownerId, documentId, job.id);
      const status = job.status === 'cancelled' ? 'cancelled' : 'failed';
      if (version !== null) await deps.ingestions.fail(job.ownerId, documentId, version, status);
    },
  };

  /** Not of a document that was deleted, though its row may be there for a little longer. */
  async function isThere(ownerId: number, { documentId, collectionId }: JobSubject): Promise<boolean> {
    const document = await deps.documents.find(documentId);
    return document !== null && !(await deps.deletions.isPromised({ ownerId, collectionId, documentId }));
  }

  /**
   * Gives the job its document. When it cannot have one, because it was deleted or is another job's, the first step
   * finds that out and fails the job.
   */
  async function holdsDocument(job: Job, subject: JobSubject, file: BlobRef, name: string | null): Promise<boolean> {
    const { ownerId, id: jobId, retriedFrom, createdAt } = job;
    const { documentId, collectionId } = subject;
    const { mediaType, bytes } = file;
    const holds = async () => (await deps.ingestions.versionOf(ownerId, documentId, jobId)) !== null;
    if (await holds()) return true;
    if (retriedFrom !== null) {
      await deps.ingestions.handOn(ownerId, documentId, { jobId, retriedFrom, mediaType, bytes });
      if (await holds()) return true;
    }
    // A deletion is written down before the row goes: who finds no row finds the deletion, if there was one.
    if (await deps.documents.find(documentId)) return false;
    if (await deps.deletions.isPromised({ ownerId, collectionId, documentId })) return false;
    if (!(await deps.collections.find(collectionId))) return false;
    await deps.ingestions.create({
      _id: documentId,
      ownerId,
      collectionId,
      name: name ?? file.name ?? `document-${documentId}`,
      jobId,
      mediaType,
      bytes,
      createdAt,
    });
    return holds();
  }
}
