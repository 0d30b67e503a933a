import type { QueryFilter } from 'mongoose';
import type { CollectionChanges, CollectionQuery } from '../../core/collection.ts';
import type { CollectionRecord, LibraryModels } from './library-record.ts';
import { sortOf } from './paging.ts';
import { acrossOwners } from './tenancy.ts';

const publicToo = acrossOwners('public collections are readable by every user');

/** Collections of documents. Methods without an owner may answer somebody else's: ask `mayRead` before using them. */
export function createCollectionRepository({ Collections }: LibraryModels) {
  return {
    async insert(record: CollectionRecord): Promise<void> {
      await Collections.insertOne(record);
    },

    async find(id: number): Promise<CollectionRecord | null> {
      return Collections.findOne({ _id: id }).setOptions(publicToo).lean<CollectionRecord>();
    },

    async findMany(ids: readonly number[]): Promise<CollectionRecord[]> {
      return Collections.find({ _id: { $in: ids } })
        .setOptions(publicToo)
        .lean<CollectionRecord[]>();
    },

    /** Everything `userId` may read: their own and what is public. */
    async readableBy(userId: number): Promise<CollectionRecord[]> {
      return Collections.find(readable(userId)).setOptions(publicToo).lean<CollectionRecord[]>();
    },

    async list(userId: number, query: CollectionQuery): Promise<{ records: CollectionRecord[]; total: number }> {
      const filter: QueryFilter<CollectionRecord> = {
        ...(query.visibility === null ? readable(userId) : { ownerId: userId, visibility: query.visibility }),
        ...(query.name !== null && { name: query.name }),
      };
      const [records, total] = await Promise.all([
        Collections.find(filter)
          .setOptions(publicToo)
          .sort(sortOf(query))
          .skip(query.offset)
          .limit(query.limit)
          .lean<CollectionRecord[]>(),
        Collections.countDocuments(filter).setOptions(publicToo),
      ]);
      return { records, total };
    },

    /** False when the owner has no such collection. */
    async update(ownerId: number, id: number, changes: CollectionChanges, now: number): Promise<boolean> {
      const updated = await Collections.updateOne({ ownerId, _id: id }, { $set: { ...changes, updatedAt: now } });
      return updated.matchedCount === 1;
    },

    async remove(ownerId: number, id: number): Promise<boolean> {
      const removed = await Collections.deleteOne({ ownerId, _id: id });
      return removed.deletedCount === 1;
    },

    /** The first vectors decide their length for good; answers what was decided, null when there is no collection. */
    async fixDimensions(ownerId: number, id: number, dimensions: number): Promise<number | null> {
      await Collections.updateOne({ ownerId, _id: id, dimensions: null }, { $set: { dimensions } });
      const record = await Collections.findOne({ ownerId, _id: id }).lean<CollectionRecord>();
      return record?.dimensions ?? null;
    },
  };
}

export type CollectionRepository = ReturnType<typeof createCollectionRepository>;

/** `mayRead` as a query. */
function readable(userId: number): QueryFilter<CollectionRecord> {
  return { $or: [{ ownerId: userId }, { visibility: 'public' }] };
}
