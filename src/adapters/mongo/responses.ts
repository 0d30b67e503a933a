import { type Connection, Schema } from 'mongoose';
import type { BlobRef } from '../../core/blob.ts';
import { acrossOwners, tenancy } from './tenancy.ts';

/** A kept answer. Its content is JSON text: keys of callers' schemas are none of the store's business. */
export interface ResponseRecord {
  /** `resp_…` */
  _id: string;
  ownerId: number;
  createdAt: number;
  /** Milliseconds since the epoch. It is not there any more from then on. */
  expiresAt: number;
  /** Null when it is so large that it is in `contentBlob`. */
  content: string | null;
  contentBlob: BlobRef | null;
  /** Ids of the answers that this one goes on from, oldest first. */
  ancestors: string[];
  /** Ids of the items of its output. */
  itemIds: string[];
}

const schema = new Schema<ResponseRecord>(
  { _id: String, ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, _id: 1 });
schema.index({ ownerId: 1, itemIds: 1 });
schema.index({ expiresAt: 1 });

const everybody = acrossOwners('what is past its time is deleted for every owner');

export function createResponseRepository(connection: Connection, clock: { now(): number }) {
  const live = () => ({ expiresAt: { $gt: clock.now() } });
  const Responses = connection.model<ResponseRecord>('response', schema, 'responses');
  return {
    /** Replaces what an earlier try of the same work has written. */
    async save(record: ResponseRecord): Promise<void> {
      const { _id, ownerId } = record;
      await Responses.replaceOne({ _id, ownerId }, record, { upsert: true });
    },

    async find(ownerId: number, id: string): Promise<ResponseRecord | null> {
      return Responses.findOne({ ownerId, _id: id, ...live() }).lean<ResponseRecord>();
    },

    async findMany(ownerId: number, ids: readonly string[]): Promise<ResponseRecord[]> {
      return Responses.find({ ownerId, _id: { $in: ids }, ...live() }).lean<ResponseRecord[]>();
    },

    /** The answer that an item of this id is part of. */
    async findByItem(ownerId: number, itemId: string): Promise<ResponseRecord | null> {
      return Responses.findOne({ ownerId, itemIds: itemId, ...live() }).lean<ResponseRecord>();
    },

    async expired(limit: number): Promise<Pick<ResponseRecord, '_id' | 'ownerId'>[]> {
      return Responses.find({ expiresAt: { $lte: clock.now() } }, { ownerId: 1 })
        .setOptions(everybody)
        .limit(limit)
        .lean<ResponseRecord[]>();
    },

    async remove(ownerId: number, id: string): Promise<boolean> {
      const removed = await Responses.deleteOne({ ownerId, _id: id });
      return removed.deletedCount === 1;
    },
  };
}

export type ResponseRepository = ReturnType<typeof createResponseRepository>;
