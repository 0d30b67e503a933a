import { type Connection, Schema } from 'mongoose';
import type { Upload, UploadPart } from '../../core/upload.ts';
import { acrossOwners, tenancy } from './tenancy.ts';

interface UploadRecord extends Omit<Upload, 'id'> {
  _id: string;
  sweepAt: number;
}

interface PartRecord extends Omit<UploadPart, 'id'> {
  _id: string;
  sweepAt: number;
}

const options = { versionKey: false, strict: false, minimize: false, id: false } as const;

const uploadSchema = new Schema<UploadRecord>({ _id: String, ownerId: Number }, options);
uploadSchema.plugin(tenancy);
uploadSchema.index({ ownerId: 1, _id: 1 });
uploadSchema.index({ sweepAt: 1 });

const partSchema = new Schema<PartRecord>({ _id: String, ownerId: Number }, options);
partSchema.plugin(tenancy);
partSchema.index({ ownerId: 1, uploadId: 1, _id: 1 });
partSchema.index({ sweepAt: 1 });

const everybody = acrossOwners('what is past its time is deleted for every owner');
/** What has expired may still be put together by a call that began before. */
const graceMs = 3_600_000;

/** Files on their way, in parts. Both are swept an hour after the upload has expired, whatever became of it. */
export function createUploadRepository(connection: Connection, clock: { now(): number }) {
  const Uploads = connection.model<UploadRecord>('upload', uploadSchema, 'uploads');
  const Parts = connection.model<PartRecord>('uploadPart', partSchema, 'upload_parts');

  async function sumOf(match: { ownerId: number; uploadId?: string }): Promise<{ count: number; bytes: number }> {
    const [sum] = await Parts.aggregate<{ count: number; bytes: number }>([
      { $match: match },
      { $group: { _id: null, count: { $sum: 1 }, bytes: { $sum: '$blob.bytes' } } },
    ]);
    return { count: sum?.count ?? 0, bytes: sum?.bytes ?? 0 };
  }

  return {
    async insert({ id, ...upload }: Upload): Promise<void> {
      await Uploads.insertOne({ ...upload, _id: id, sweepAt: upload.expiresAt + graceMs });
    },

    async find(ownerId: number, id: string): Promise<Upload | null> {
      const record = await Uploads.findOne({ ownerId, _id: id }).lean<UploadRecord>();
      return record && toUpload(record);
    },

    /** False when it is not pending any more: it ends once, in one way. */
    async end(ownerId: number, id: string, status: 'completed' | 'cancelled'): Promise<boolean> {
      const { matchedCount } = await Uploads.updateOne({ ownerId, _id: id, status: 'pending' }, { $set: { status } });
      return matchedCount === 1;
    },

    async addPart({ id, ...part }: UploadPart, { expiresAt }: Pick<Upload, 'expiresAt'>): Promise<void> {
      await Parts.insertOne({ ...part, _id: id, sweepAt: expiresAt + graceMs });
    },

    /** Those there are of `ids`, in any order. */
    async parts(ownerId: number, uploadId: string, ids: readonly string[]): Promise<UploadPart[]> {
      const records = await Parts.find({ ownerId, uploadId, _id: { $in: ids } }).lean<PartRecord[]>();
      return records.map(toPart);
    },

    /** Of one upload. */
    partsOf: (ownerId: number, uploadId: string) => sumOf({ ownerId, uploadId }),

    /** Of all parts that are kept for the owner. */
    totalBytes: async (ownerId: number): Promise<number> => (await sumOf({ ownerId })).bytes,

    async removePart(ownerId: number, id: string): Promise<void> {
      await Parts.deleteOne({ ownerId, _id: id });
    },

    async removeParts(ownerId: number, uploadId: string): Promise<void> {
      await Parts.deleteMany({ ownerId, uploadId });
    },

    /** Parts to be let go of, whosever they are. */
    async overdueParts(limit: number): Promise<UploadPart[]> {
      const records = await Parts.find({ sweepAt: { $lte: clock.now() } })
        .setOptions(everybody)
        .limit(limit)
        .lean<PartRecord[]>();
      return records.map(toPart);
    },

    /** Answers how many. */
    async removeOverdue(limit: number): Promise<number> {
      const overdue = await Uploads.find({ sweepAt: { $lte: clock.now() } }, { _id: 1 })
        .setOptions(everybody)
        .limit(limit)
        .lean<Pick<UploadRecord, '_id'>[]>();
      const ids = overdue.map(({ _id }) => _id);
      const { deletedCount } = await Uploads.deleteMany({ _id: { $in: ids } }).setOptions(everybody);
      return deletedCount;
    },
  };
}

export type UploadRepository = ReturnType<typeof createUploadRepository>;

function toUpload({ _id: id, sweepAt: _swept, ...upload }: UploadRecord): Upload {
  return { id, ...upload };
}

function toPart({ _id: id, sweepAt: _swept, ...part }: PartRecord): UploadPart {
  return { id, ...part };
}
