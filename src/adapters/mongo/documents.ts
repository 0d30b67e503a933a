import type { QueryFilter } from 'mongoose';
import type { DocumentQuery } from '../../core/collection.ts';
import type { DocumentRecord, LibraryModels } from './library-record.ts';
import { sortOf } from './paging.ts';
import { acrossOwners } from './tenancy.ts';

const publicToo = acrossOwners('documents of public collections are readable by every user');

export type NewDocumentRecord = Pick<
  DocumentRecord,
  '_id' | 'ownerId' | 'collectionId' | 'name' | 'jobId' | 'mediaType' | 'bytes' | 'createdAt'
>;

export type ActiveVersion = Pick<DocumentRecord, '_id' | 'collectionId' | 'activeVersion'>;

/** What a document has before anything is in it. */
export const blankDocument = { type: null, progress: null, provenance: {}, chunks: 0, nextChunk: 0 } as const;

/** Documents. Methods without an owner may answer somebody else's: ask `mayRead` of the collection before using them. */
export function createDocumentRepository({ Documents }: LibraryModels) {
  return {
    /** A document that is filled chunk by chunk: version 0 is there at once and empty. */
    async insertEmpty(document: NewDocumentRecord): Promise<void> {
      await Documents.insertOne({
        ...blankDocument,
        ...document,
        status: 'completed',
        activeVersion: 0,
        latestVersion: 0,
      });
    },

    async find(id: number): Promise<DocumentRecord | null> {
      return Documents.findOne({ _id: id }).setOptions(publicToo).lean<DocumentRecord>();
    },

    /** The versions that readers see; a document that does not exist is absent. */
    async activeVersions(ids: readonly number[]): Promise<ActiveVersion[]> {
      return Documents.find({ _id: { $in: ids } }, { activeVersion: 1, collectionId: 1 })
        .setOptions(publicToo)
        .lean<ActiveVersion[]>();
    },

    /** Without provenance, which may have a line per page. */
    async list(
      collectionIds: readonly number[],
      query: DocumentQuery,
    ): Promise<{ records: DocumentRecord[]; total: number }> {
      const filter: QueryFilter<DocumentRecord> = {
        collectionId: { $in: collectionIds },
        ...(query.name !== null && { name: query.name }),
      };
      const [records, total] = await Promise.all([
        Documents.find(filter, { provenance: 0 })
          .setOptions(publicToo)
          .sort(sortOf(query))
          .skip(query.offset)
          .limit(query.limit)
          .lean<DocumentRecord[]>(),
        Documents.countDocuments(filter).setOptions(publicToo),
      ]);
      return { records: records.map((record) => ({ ...record, provenance: {} })), total };
    },

    async countByCollection(collectionIds: readonly number[]): Promise<Map<number, number>> {
      const counts = await Documents.aggregate<{ _id: number; count: number }>([
        { $match: { collectionId: { $in: collectionIds } } },
        { $group: { _id: '$collectionId', count: { $sum: 1 } } },
      ]).option(publicToo);
      return new Map(counts.map(({ _id, count }) => [_id, count]));
    },

    /** Ids of the next documents of a collection, for taking it apart. */
    async idsIn(ownerId: number, collectionId: number, limit: number): Promise<number[]> {
      const records = await Documents.find({ ownerId, collectionId }, { _id: 1 }).limit(limit).lean<DocumentRecord[]>();
      return records.map((record) => record._id);
    },

    /** Takes `count` ids that nobody else gets. Null when the document is gone or not ready for chunks. */
    async reserveChunks(
      ownerId: number,
      id: number,
      count: number,
    ): Promise<{ firstChunk: number; version: number } | null> {
      const before = await Documents.findOneAndUpdate(
        { ownerId, _id: id, status: 'completed', activeVersion: { $ne: null } },
        { $inc: { nextChunk: count } },
        { returnDocument: 'before', projection: { nextChunk: 1, activeVersion: 1 } },
      ).lean<DocumentRecord>();
      if (!before || before.activeVersion === null) return null;
      return { firstChunk: before.nextChunk, version: before.activeVersion };
    },

    async remove(ownerId: number, id: number): Promise<boolean> {
      const removed = await Documents.deleteOne({ ownerId, _id: id });
      return removed.deletedCount === 1;
    },
  };
}

export type DocumentRepository = ReturnType<typeof createDocumentRepository>;
