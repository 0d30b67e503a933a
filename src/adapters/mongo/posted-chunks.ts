import type { ClientSession, Connection } from 'mongoose';
import type { BatchRecord, LibraryModels } from './library-record.ts';

/** Chunks that callers post and delete one by one. What changes a document's count is one transaction with it. */
export function createPostedChunkRepository(connection: Connection, { Batches, Documents }: LibraryModels) {
  return {
    /** The batches of a call that was here before; empty when it is new. */
    async findPost(ownerId: number, documentId: number, postedBy: string): Promise<BatchRecord[]> {
      // An equality alone does not tell the planner that the partial index holds all there is.
      const post = { $eq: postedBy, $type: 'string' } as const;
      return Batches.find({ ownerId, documentId, postedBy: post }, { _id: 0 }).sort({ batch: 1 }).lean<BatchRecord[]>();
    },

    /** Stores the batches of one call, all or none. Readers see them after `publish`. */
    async store(batches: readonly BatchRecord[]): Promise<void> {
      await connection.transaction(async (session: ClientSession) => {
        await Batches.insertMany(batches, { session });
      });
    },

    /** Shows batches to readers. Safe to repeat. False when the document is gone or has moved on to another version. */
    async publish(batches: readonly BatchRecord[], now: number): Promise<boolean> {
      const [first] = batches;
      if (!first) return true;
      const document = { ownerId: first.ownerId, _id: first.documentId, activeVersion: first.version };
      return connection.transaction(async (session: ClientSession) => {
        let added = 0;
        for (const { ownerId, documentId, version, batch, size } of batches) {
          const shown = await Batches.updateOne(
            { ownerId, documentId, version, batch, indexedAt: null },
            { $set: { indexedAt: now } },
            { session },
          );
          added += shown.modifiedCount * size;
        }
        const counted = await Documents.updateOne(document, { $inc: { chunks: added } }, { session });
        return counted.matchedCount === 1;
      });
    },

    /** Takes a chunk away from readers; does nothing when it is not there. */
    async removeChunk(ownerId: number, documentId: number, version: number, chunkId: number): Promise<void> {
      await connection.transaction(async (session: ClientSession) => {
        const removed = await Batches.updateOne(
          { ownerId, documentId, version, 'chunks.id': chunkId, indexedAt: { $ne: null } },
          { $pull: { chunks: { id: chunkId } }, $inc: { size: -1 } },
          { session },
        );
        await Documents.updateOne(
          { ownerId, _id: documentId, activeVersion: version },
          { $inc: { chunks: -removed.modifiedCount } },
          { session },
        );
      });
    },
  };
}

export type PostedChunkRepository = ReturnType<typeof createPostedChunkRepository>;
