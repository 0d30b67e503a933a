import { type Connection, type QueryFilter, Schema } from 'mongoose';
import type { BlobRef } from '../../core/blob.ts';
import { type FileQuery, type StoredFile, timeOfFileId } from '../../core/file.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { acrossOwners, tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './time-paging.ts';

interface FileRecord extends Omit<StoredFile, 'id'> {
  _id: string;
  /** False until its blob is held for it; what stays so is swept. */
  isWhole: boolean;
  /** Somebody deletes it: nobody makes anything of it any more. */
  isGoing?: boolean;
}

const schema = new Schema<FileRecord>(
  { _id: String, ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, isWhole: 1, createdAt: 1, _id: 1 });
schema.index({ ownerId: 1, purpose: 1, isWhole: 1, createdAt: 1, _id: 1 });
// What an owner has in all is summed from this alone.
schema.index({ ownerId: 1, 'blob.bytes': 1 });
schema.index({ expiresAt: 1 });

/** How long a list goes on exactly from a file that is not there any more. */
const listedOnMs = 30 * 24 * 3_600_000;

const everybody = acrossOwners('what is past its time is deleted for every owner');

/** Files of callers. One whose time is over is not there, even before it is swept. */
export function createFileRepository(connection: Connection, clock: { now(): number }) {
  const Files = connection.model<FileRecord>('file', schema, 'files');
  const there = () => ({ isWhole: true, $or: [{ expiresAt: null }, { expiresAt: { $gt: clock.now() } }] });

  /** Where a file is in lists, or was. Long after it has gone, that is said by its id, which can be older than it. */
  async function placeOf(ownerId: number, id: string): Promise<{ id: string; createdAt: number }> {
    const record = await Files.findOne({ ownerId, _id: id }, { createdAt: 1 }).lean<Pick<FileRecord, 'createdAt'>>();
    return { id, createdAt: record?.createdAt ?? timeOfFileId(id) };
  }

  return {
    /**
     * Writes a file down that is not there for anybody until it is completed, and is swept from `unlessBefore` on. In
     * place of an earlier try of the same id, whose blob is answered; null when that has been completed, or is just being
     * deleted.
     */
    async begin(
      { id, ownerId, ...file }: StoredFile,
      unlessBefore: number,
    ): Promise<{ replaced: BlobRef | null } | null> {
      const begun = { ...file, _id: id, ownerId, expiresAt: unlessBefore, isWhole: false };
      try {
        const unfinished = { ownerId, _id: id, isWhole: false, isGoing: { $ne: true } };
        const earlier = await Files.findOneAndReplace(unfinished, begun, { upsert: true }).lean<FileRecord>();
        return { replaced: earlier?.blob ?? null };
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    },

    /** False when it was swept, is about to be, or was begun again with another blob. */
    async complete({ ownerId, id, blob, expiresAt }: StoredFile): Promise<boolean> {
      const begun = { ownerId, _id: id, 'blob.id': blob.id, isGoing: { $ne: true } };
      const { matchedCount } = await Files.updateOne(begun, { $set: { expiresAt, isWhole: true } });
      return matchedCount === 1;
    },

    async find(ownerId: number, id: string): Promise<StoredFile | null> {
      const record = await Files.findOne({ ownerId, _id: id, ...there() }).lean<FileRecord>();
      return record && toFile(record);
    },

    /** One more than asked for, if there are. */
    async list(ownerId: number, { purpose, order, after, limit }: FileQuery): Promise<StoredFile[]> {
      const place = after === null ? null : await placeOf(ownerId, after);
      const filter: QueryFilter<FileRecord> = {
        ownerId,
        ...(purpose !== null && { purpose }),
        $and: [there(), cursorOf(place, order)],
      };
      const records = await Files.find(filter)
        .sort(sortOf(order))
        .limit(limit + 1)
        .lean<FileRecord[]>();
      return records.map(toFile);
    },

    /** Of everything that is kept for the owner, what is about to be swept included. */
    async totalBytes(ownerId: number): Promise<number> {
      const [sum] = await Files.aggregate<{ bytes: number }>([
        { $match: { ownerId } },
        { $group: { _id: null, bytes: { $sum: '$blob.bytes' } } },
      ]);
      return sum?.bytes ?? 0;
    },

    /** Those of `ids` that are kept, what is about to be swept included. */
    async kept(ownerId: number, ids: readonly string[]): Promise<Set<string>> {
      const filter = { ownerId, _id: { $in: [...ids] }, blob: { $exists: true } };
      const records = await Files.find(filter, { _id: 1 }).lean<Pick<FileRecord, '_id'>[]>();
      return new Set(records.map(({ _id }) => _id));
    },

    /** From now on it is not there for anybody. False when it was not before. */
    async expire(ownerId: number, id: string): Promise<boolean> {
      const filter = { ownerId, _id: id, ...there() };
      const { matchedCount } = await Files.updateOne(filter, { $set: { expiresAt: clock.now(), isGoing: true } });
      return matchedCount === 1;
    },

    /** What is to be removed, whosever it is. */
    async expired(limit: number): Promise<Pick<StoredFile, 'ownerId' | 'id'>[]> {
      const records = await Files.find({ expiresAt: { $ne: null, $lte: clock.now() } }, { ownerId: 1 })
        .setOptions(everybody)
        .limit(limit)
        .lean<Pick<FileRecord, '_id' | 'ownerId'>[]>();
      return records.map(({ _id: id, ownerId }) => ({ ownerId, id }));
    },

    /** Before one of these is removed. False when it is none of them any more: somebody began it again meanwhile. */
    async claimExpired(ownerId: number, id: string): Promise<boolean> {
      const filter = { ownerId, _id: id, expiresAt: { $ne: null, $lte: clock.now() } };
      const { matchedCount } = await Files.updateOne(filter, { $set: { isGoing: true } });
      return matchedCount === 1;
    },

    /** What is going. Of a file that was there it stays known for a while when it was made: lists go on from it. */
    async remove(ownerId: number, id: string): Promise<void> {
      const going = { ownerId, _id: id, isGoing: true };
      const { matchedCount } = await Files.updateOne(
        { ...going, isWhole: true, expiresAt: { $gt: clock.now() - listedOnMs } },
        [
          { $set: { isWhole: false, expiresAt: { $add: ['$expiresAt', listedOnMs] } } },
          { $project: { ownerId: 1, createdAt: 1, isWhole: 1, expiresAt: 1 } },
        ],
        { updatePipeline: true },
      );
      if (matchedCount === 0) await Files.deleteOne(going);
    },
  };
}

export type FileRepository = ReturnType<typeof createFileRepository>;

function toFile({ _id: id, isWhole: _there, isGoing: _going, ...file }: FileRecord): StoredFile {
  return { id, ...file };
}
