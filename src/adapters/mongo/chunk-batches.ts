import type { BatchChunk, BatchRecord, LibraryModels } from './library-record.ts';
import { acrossOwners } from './tenancy.ts';

const publicToo = acrossOwners('chunks of public collections are readable by every user');
const everybody = acrossOwners('the sweep serves every owner');

/** One version of one document. Only one version is seen by readers; see `DocumentRecord.activeVersion`. */
export interface VersionKey {
  documentId: number;
  version: number;
}

/** Batches of chunks: the durable truth of chunk text. The index is made from them and can be made again. */
export function createChunkBatchRepository({ Batches }: LibraryModels) {
  return {
    /** Stores a batch; a batch that is already there keeps its `indexedAt`. Safe to repeat. */
    async put(record: Omit<BatchRecord, 'size' | 'indexedAt' | 'postedBy'>): Promise<void> {
      const { ownerId, documentId, version, batch, chunks, ...rest } = record;
      await Batches.updateOne(
        { ownerId, documentId, version, batch },
        { $set: { chunks, size: chunks.length }, $setOnInsert: { ...rest, indexedAt: null, postedBy: null } },
        { upsert: true },
      );
    },

    /** Batches `from` to `to`, both included, in order. */
    async get(ownerId: number, key: VersionKey, from: number, to: number): Promise<BatchRecord[]> {
      return Batches.find({ ownerId, ...key, batch: { $gte: from, $lte: to } }, { _id: 0 })
        .sort({ batch: 1 })
        .lean<BatchRecord[]>();
    },

    async markIndexed(ownerId: number, key: VersionKey, batches: readonly number[], now: number): Promise<void> {
      await Batches.updateMany(
        { ownerId, ...key, batch: { $in: batches }, indexedAt: null },
        { $set: { indexedAt: now } },
      );
    },

    /** How many batches and chunks of a version there are, and how many of them are in the index. */
    async count(ownerId: number, key: VersionKey): Promise<{ batches: number; indexed: number; chunks: number }> {
      const layout = await Batches.find({ ownerId, ...key }, { _id: 0, size: 1, indexedAt: 1 }).lean<BatchRecord[]>();
      return {
        batches: layout.length,
        indexed: layout.filter((batch) => batch.indexedAt !== null).length,
        chunks: layout.reduce((sum, batch) => sum + batch.size, 0),
      };
    },

    /** A page of the chunks that readers see, by id. Reads the text of the batches it needs and no other. */
    async list(
      key: VersionKey,
      { offset, limit }: { offset: number; limit: number },
    ): Promise<{ chunks: (BatchChunk & { createdAt: number })[]; total: number }> {
      const layout = await Batches.find({ ...key, indexedAt: { $ne: null } }, { _id: 0, batch: 1, size: 1 })
        .setOptions(publicToo)
        .sort({ batch: 1 })
        .lean<Pick<BatchRecord, 'batch' | 'size'>[]>();
      const { needed, skipped, total } = covering(layout, offset, limit);
      const records = await Batches.find({ ...key, batch: { $in: needed } }, { _id: 0, chunks: 1, createdAt: 1 })
        .setOptions(publicToo)
        .sort({ batch: 1 })
        .lean<Pick<BatchRecord, 'chunks' | 'createdAt'>[]>();
      const chunks = records.flatMap((record) =>
        record.chunks.map((chunk) => ({ ...chunk, createdAt: record.createdAt })),
      );
      return { chunks: chunks.slice(offset - skipped, offset - skipped + limit), total };
    },

    /** These chunks as far as readers see them, in no order. */
    async findChunks(
      keys: readonly (VersionKey & { chunkIds: readonly number[] })[],
    ): Promise<(VersionKey & BatchChunk & { collectionId: number; createdAt: number })[]> {
      if (keys.length === 0) return [];
      const wanted = keys.flatMap(({ chunkIds }) => chunkIds);
      return Batches.aggregate([
        {
          $match: {
            indexedAt: { $ne: null },
            $or: keys.map(({ chunkIds, ...key }) => ({ ...key, 'chunks.id': { $in: chunkIds } })),
          },
        },
        { $unwind: '$chunks' },
        { $match: { 'chunks.id': { $in: wanted } } },
        {
          $replaceWith: {
            $mergeObjects: [
              '$chunks',
              {
                documentId: '$documentId',
                version: '$version',
                collectionId: '$collectionId',
                createdAt: '$createdAt',
              },
            ],
          },
        },
      ]).option(publicToo);
    },

    async deleteDocument(ownerId: number, documentId: number): Promise<void> {
      await Batches.deleteMany({ ownerId, documentId });
    },

    /** Every version under `belowVersion` but the one that readers see. */
    async deleteVersions(
      ownerId: number,
      documentId: number,
      belowVersion: number,
      activeVersion: number | null,
    ): Promise<void> {
      await Batches.deleteMany({ ownerId, documentId, version: { $lt: belowVersion, $ne: activeVersion } });
    },

    /** Posted and never finished: the caller was told so, or died with its process. */
    async abandoned(createdBefore: number, limit: number): Promise<BatchRecord[]> {
      return Batches.find({ indexedAt: null, postedBy: { $type: 'string' }, createdAt: { $lt: createdBefore } })
        .setOptions(everybody)
        .limit(limit)
        .lean<BatchRecord[]>();
    },

    async remove({ ownerId, documentId, version, batch }: BatchRecord): Promise<void> {
      await Batches.deleteOne({ ownerId, documentId, version, batch, indexedAt: null });
    },
  };
}

export type ChunkBatchRepository = ReturnType<typeof createChunkBatchRepository>;

/** Which batches hold places `offset` to `offset + limit`, and how many places come before the first of them. */
function covering(layout: readonly Pick<BatchRecord, 'batch' | 'size'>[], offset: number, limit: number) {
  const needed: number[] = [];
  let skipped = 0;
  let total = 0;
  for (const { batch, size } of layout) {
    if (total + size <= offset) skipped = total + size;
    else if (total < offset + limit) needed.push(batch);
    total += size;
  }
  return { needed, skipped, total };
}
