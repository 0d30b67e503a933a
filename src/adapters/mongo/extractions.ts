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
      const { documentId, version, from, to, blob } = extraction;
      const before = await Extractions.findOneAndUpdate(
        { ownerId, documentId, version, from },
        { $set: { to, blob } },
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

    async deleteDocument(ownerId: number, documentId: number): Promise<void> {
      await Extractions.deleteMany({ ownerId, documentId });
    },
  };
}

export type ExtractionRepository = ReturnType<typeof createExtractionRepository>;
