import { type Connection, Schema } from 'mongoose';
import type { BlobRef } from '../../core/blob.ts';
import { tenancy } from './tenancy.ts';

/** The blocks of consecutive parts of one version of a document, as a blob of one JSON line per part. */
export interface Extraction {
  documentId: number;
  version: number;
  /** First and last part, counted from 1. */
  from: number;
  to: number;
  blob: BlobRef;
  /** Of the Markdown in `blob`, which is written as JSON there. */
  markdownBytes: number;
}

const schema = new Schema<Extraction & { ownerId: number }>(
  { ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ documentId: 1, version: 1, from: 1 }, { unique: true });

export function createExtractionRepository(connection: Connection) {
  const Extractions = connection.model<Extraction & { ownerId: number }>('extraction', schema, 'extractions');
  return {
    /** Replaces what an earlier try of the same step wrote; answers that try's blob. */
    async put(ownerId: number, extraction: Extraction): Promise<BlobRef | null> {
      const { documentId, version, from, ...fields } = extraction;
      const before = await Extractions.findOneAndUpdate(
        { ownerId, documentId, version, from },
        { $set: fields },
        { upsert: true, returnDocument: 'before' },
      ).lean<Extraction>();
      return before?.blob ?? null;
    },

    async find(ownerId: number, documentId: number, version: number, from: number): Promise<Extraction | null> {
      return Extractions.findOne({ ownerId, documentId, version, from }).lean<Extraction>();
    },

    /** All of a version, in order of parts. */
    async list(ownerId: number, documentId: number, version: number): Promise<Extraction[]> {
      return Extractions.find({ ownerId, documentId, version }).sort({ from: 1 }).lean<Extraction[]>();
    },

    /** UTF-8 bytes of all Markdown that was stored of a version. */
    async markdownBytes(ownerId: number, documentId: number, version: number): Promise<number> {
      const [sum] = await Extractions.aggregate<{ bytes: number }>([
        { $match: { ownerId, documentId, version } },
        { $group: { _id: null, bytes: { $sum: '$markdownBytes' } } },
      ]);
      return sum?.bytes ?? 0;
    },

    /** Of every version under `belowVersion` but the one that readers see. */
    async outdated(
      ownerId: number,
      documentId: number,
      belowVersion: number,
      activeVersion: number | null,
    ): Promise<Extraction[]> {
      return Extractions.find({ ownerId, documentId, version: { $lt: belowVersion, $ne: activeVersion } }).lean<
        Extraction[]
      >();
    },

    async remove(ownerId: number, { documentId, version, from }: Extraction): Promise<void> {
      await Extractions.deleteOne({ ownerId, documentId, version, from });
    },

    async deleteDocument(ownerId: number, documentId: number): Promise<void> {
      await Extractions.deleteMany({ ownerId, documentId });
    },
  };
}

export type ExtractionRepository = ReturnType<typeof createExtractionRepository>;
