import type { QueryFilter } from 'mongoose';
import type { DocumentStatus, IngestProgress, PartProvenance } from '../../core/collection.ts';
import type { Inspection } from '../../core/document.ts';
import { blankDocument, type NewDocumentRecord } from './documents.ts';
import type { DocumentRecord, LibraryModels } from './library-record.ts';

/**
 * What a job writes into its document. Every write names the version the job was given and is one conditional
 * update, so that a job which lost the document to a later one, or was cancelled, changes nothing.
 */
export function createIngestionRepository({ Documents }: LibraryModels) {
  return {
    /** Makes the document that a job fills. Does nothing when there is one. */
    async create(document: NewDocumentRecord & { jobId: string }): Promise<void> {
      const { _id, ownerId, ...fields } = document;
      const blank = { ...blankDocument, ...fields, status: 'queued', activeVersion: null, latestVersion: 1 };
      await Documents.updateOne({ ownerId, _id }, { $setOnInsert: blank }, { upsert: true });
    },

    /**
     * Hands a document on to the job `jobId` that tries again what `retriedFrom` did not finish, under a version of its
     * own. Not when another retry is filling it, or has filled it.
     */
    async handOn(
      ownerId: number,
      id: number,
      { jobId, retriedFrom, ...file }: Pick<DocumentRecord, 'mediaType' | 'bytes'> & Retry,
    ): Promise<void> {
      await Documents.updateOne(
        { ownerId, _id: id, $or: [{ jobId: retriedFrom }, { status: { $in: ['failed', 'cancelled'] } }] },
        {
          $set: { jobId, ...file, status: 'queued', type: null, progress: null, provenance: {} },
          $inc: { latestVersion: 1 },
        },
      );
    },

    versionOf,

    /** What the bytes turned out to be, whatever the upload said. False when the job has lost the document. */
    async begin(
      ownerId: number,
      id: number,
      version: number,
      { type, mediaType }: Pick<Inspection, 'type' | 'mediaType'>,
    ): Promise<boolean> {
      const updated = await Documents.updateOne(writtenBy(ownerId, id, version), {
        $set: { status: 'in_progress', type, mediaType },
      });
      return updated.matchedCount === 1;
    },

    /** Counts only grow, whatever order the steps report in; what is left out stays. Null when the job has lost it. */
    async setProgress(
      ownerId: number,
      id: number,
      version: number,
      { partsDone = 0, batchesDone = 0, ...rest }: Partial<IngestProgress>,
    ): Promise<IngestProgress | null> {
      const counts = {
        partsDone: { $max: ['$progress.partsDone', partsDone] },
        batchesDone: { $max: ['$progress.batchesDone', batchesDone] },
      };
      const record = await Documents.findOneAndUpdate(
        writtenBy(ownerId, id, version),
        [{ $set: { progress: { $mergeObjects: [noProgress, '$progress', { $literal: rest }, counts] } } }],
        { returnDocument: 'after', updatePipeline: true, projection: { progress: 1 } },
      ).lean<DocumentRecord>();
      return record?.progress ?? null;
    },

    /** Counts one more batch as indexed. Null when the job has lost the document. */
    async countBatch(ownerId: number, id: number, version: number): Promise<IngestProgress | null> {
      const record = await Documents.findOneAndUpdate(
        writtenBy(ownerId, id, version),
        { $inc: { 'progress.batchesDone': 1 } },
        { returnDocument: 'after', projection: { progress: 1 } },
      ).lean<DocumentRecord>();
      return record?.progress ?? null;
    },

    /**
     * Records how a part was read and counts it as done; what an earlier try of the same step has recorded stays. Null
     * when the job has lost the document.
     */
    async addProvenance(
      ownerId: number,
      id: number,
      version: number,
      part: PartProvenance,
    ): Promise<{ counts: IngestProgress; isNew: boolean } | null> {
      const place = `provenance.${part.part}`;
      const partsDone = { $size: { $objectToArray: '$provenance' } };
      const added = await Documents.findOneAndUpdate(
        { ...writtenBy(ownerId, id, version), [place]: { $exists: false } },
        [
          { $set: { provenance: { $mergeObjects: ['$provenance', { $literal: { [part.part]: part } }] } } },
          { $set: { progress: { $mergeObjects: [noProgress, '$progress', { partsDone }] } } },
        ],
        { returnDocument: 'after', updatePipeline: true, projection: { progress: 1 } },
      ).lean<DocumentRecord>();
      if (added?.progress) return { counts: added.progress, isNew: true };
      const known = await Documents.findOne(writtenBy(ownerId, id, version), { progress: 1 }).lean<DocumentRecord>();
      return known?.progress ? { counts: known.progress, isNew: false } : null;
    },

    /**
     * Shows a version to readers, in one write; what they saw before is then to be discarded. Safe to repeat. False
     * when the job has lost the document. `nextChunk` is above all ids of chunks.
     */
    async complete(ownerId: number, id: number, version: number, chunks: number, nextChunk = chunks): Promise<boolean> {
      const published = await Documents.updateOne(writtenBy(ownerId, id, version), {
        $set: { status: 'completed', activeVersion: version, chunks, nextChunk },
      });
      if (published.matchedCount === 1) return true;
      return (await Documents.exists({ ownerId, _id: id, activeVersion: version })) !== null;
    },

    /** Hides from readers what job `jobId` has shown them, unless a later job has the document. Safe to repeat. */
    async takeBack(ownerId: number, id: number, jobId: string, status: FailedStatus): Promise<void> {
      await Documents.updateOne(
        { ownerId, _id: id, jobId, status: 'completed' },
        { $set: { status, activeVersion: null, chunks: 0 } },
      );
    },

    /** Only by the job that is writing: a later one's document, or a completed one, is left alone. */
    async fail(ownerId: number, id: number, version: number, status: FailedStatus): Promise<void> {
      await Documents.updateOne(writtenBy(ownerId, id, version), { $set: { status } });
    },
  };

  /** The version that job `jobId` writes; null when it has lost the document to a later job, or the document is gone. */
  async function versionOf(ownerId: number, id: number, jobId: string): Promise<number | null> {
    const record = await Documents.findOne({ ownerId, _id: id, jobId }, { latestVersion: 1 }).lean<DocumentRecord>();
    return record?.latestVersion ?? null;
  }
}

type FailedStatus = Extract<DocumentStatus, 'failed' | 'cancelled'>;

interface Retry {
  jobId: string;
  retriedFrom: string;
}

export type IngestionRepository = ReturnType<typeof createIngestionRepository>;

const noProgress: IngestProgress = { unit: 'part', partsDone: 0, partsTotal: null, batchesDone: 0, batchesTotal: null };

/** The document as long as the job that writes `version` has it and has not ended. */
function writtenBy(ownerId: number, id: number, version: number): QueryFilter<DocumentRecord> {
  return { ownerId, _id: id, latestVersion: version, status: { $in: ['queued', 'in_progress'] } };
}
