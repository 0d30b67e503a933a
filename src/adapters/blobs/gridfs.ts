import { createHash } from 'node:crypto';
import { once } from 'node:events';
import mongoose, { type Connection } from 'mongoose';
import type { BlobHold, BlobRef, BlobStore, BlobUpload, ByteRange } from '../../core/blob.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { GatewayError } from '../../core/errors.ts';
import { type ChunkRecord, createChunkSweep } from './chunk-sweep.ts';

const bucketName = 'blobs';
const chunkSizeBytes = 1024 * 1024;
/** So many files are looked at for their references at once: it takes as long whatever is stored. */
const referencesPage = 500;
const firstId = new mongoose.mongo.ObjectId('0'.repeat(24));
const unused = { 'metadata.references.0': { $exists: false } };

interface FileRecord {
  _id: mongoose.mongo.ObjectId;
  length: number;
  uploadDate: Date;
  filename: string;
  metadata: {
    ownerId: number;
    mediaType: string;
    name: string | null;
    references: string[];
    /** Absent until the upload is whole: a file without it does not exist for anybody. */
    sha256?: string;
  };
}

/** Blobs in MongoDB's GridFS. Memory is one chunk per transfer, whatever the size of the file. */
export function createGridFsBlobs(connection: Connection): BlobStore & { prepare(): Promise<void> } {
  const database = connection.db;
  if (!database) throw new Error('the MongoDB connection is not open');
  // Every chunk is on the journal of a majority before the next: one in memory alone is lost when the server restarts in
  // the middle of an upload, and the file that is finished afterwards has a hole.
  const bucket = new mongoose.mongo.GridFSBucket(database, { bucketName, chunkSizeBytes });
  const files = database.collection<FileRecord>(`${bucketName}.files`);
  const chunks = database.collection<ChunkRecord>(`${bucketName}.chunks`);
  const sweepChunks = createChunkSweep(chunks, (ids) => files.find({ _id: { $in: ids } }, { projection: { _id: 1 } }));

  let position = firstId;

  async function find(ownerId: number, id: string): Promise<BlobRef | null> {
    if (!mongoose.isObjectIdOrHexString(id)) return null;
    const file = await files.findOne({ ...one(ownerId, id), 'metadata.sha256': { $exists: true } });
    return file && toRef(file);
  }

  return {
    find,

    async prepare() {
      await files.createIndex({ filename: 1, uploadDate: 1 });
      await files.createIndex({ 'metadata.ownerId': 1, 'metadata.references': 1 });
      await files.createIndex({ 'metadata.references.0': 1, uploadDate: 1 });
      await chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
    },

    async put(ownerId: number, upload: BlobUpload, signal: AbortSignal): Promise<BlobRef> {
      const hash = createHash('sha256');
      const metadata = { ownerId, mediaType: upload.mediaType, name: upload.name, references: [] };
      const target = bucket.openUploadStream(upload.name ?? 'blob', { metadata });
      let failure: { cause: unknown } | null = null;
      // Often a write fails while its source is waited for; a stream that has failed never says so again.
      target.on('error', (cause) => {
        failure ??= { cause };
      });
      const check = () => {
        signal.throwIfAborted();
        if (failure) throw failure.cause;
      };
      let bytes = 0;
      try {
        for await (const part of upload.content) {
          check();
          bytes += part.byteLength;
          if (bytes > upload.maxBytes) {
            throw new GatewayError('body_too_large', `File size limit exceeded (max: ${upload.maxBytes} bytes).`);
          }
          hash.update(part);
          if (!target.write(part)) await once(target, 'drain', { signal });
        }
        check();
        target.end();
        await once(target, 'finish', { signal });
      } catch (error) {
        await target.abort().catch(() => undefined);
        throw error;
      }
      crashPoint('blob.written.before_whole');
      const sha256 = hash.digest('hex');
      await files.updateOne({ _id: target.id }, { $set: { 'metadata.sha256': sha256 } });
      return { id: target.id.toHexString(), bytes, sha256, mediaType: upload.mediaType, name: upload.name };
    },

    async *read(ownerId: number, id: string, range: ByteRange | null = null): AsyncIterable<Uint8Array> {
      const blob = await find(ownerId, id);
      if (!blob) throw notFound();
      if (blob.bytes === 0) return;
      const start = range?.from ?? 0;
      const end = range ? Math.min(range.to + 1, blob.bytes) : blob.bytes;
      let read = 0;
      try {
        for await (const piece of bucket.openDownloadStream(new mongoose.mongo.ObjectId(id), { start, end })) {
          read += piece.length;
          yield piece;
        }
        // Where chunks are gone the stream ends as if that were all.
        if (read !== end - start) throw new Error(`read ${read} of ${end - start} bytes of the blob ${id}`);
      } catch (cause) {
        throw (await isGone(id)) ? notFound(cause) : cause;
      }
    },

    async discard(ownerId: number, id: string): Promise<void> {
      await removeUnused(one(ownerId, id));
    },

    async attach(ownerId: number, id: string, reference: string): Promise<void> {
      const update = await files.updateOne(one(ownerId, id), { $addToSet: { 'metadata.references': reference } });
      if (update.matchedCount === 0) throw notFound();
    },

    detach,

    async release(ownerId: number, reference: string): Promise<void> {
      const holders = { 'metadata.ownerId': ownerId, 'metadata.references': reference };
      for await (const { _id } of files.find(holders, { projection: { _id: 1 } })) {
        await detach(ownerId, _id.toHexString(), reference);
      }
    },

    async references(prefix: string): Promise<readonly BlobHold[]> {
      const page = await files
        .find({ _id: { $gt: position } }, { projection: { metadata: 1 } })
        .sort({ _id: 1 })
        .limit(referencesPage)
        .toArray();
      position = page.length < referencesPage ? firstId : (page.at(-1)?._id ?? firstId);
      return page.flatMap(({ metadata: { ownerId, references } }) =>
        references.filter((reference) => reference.startsWith(prefix)).map((reference) => ({ ownerId, reference })),
      );
    },

    async sweep(olderThan: number): Promise<number> {
      let swept = 0;
      const old = { ...unused, uploadDate: { $lt: new Date(olderThan) } };
      for await (const { _id } of files.find(old, { projection: { _id: 1 } })) {
        if (await removeUnused({ _id })) swept += 1;
      }
      return swept + (await sweepChunks(olderThan));
    },
  };

  /** Whether a file was deleted since it was found. A majority may not know yet what its reader has seen. */
  async function isGone(id: string): Promise<boolean> {
    const file = { _id: new mongoose.mongo.ObjectId(id) };
    return (await files.findOne(file, { projection: { _id: 1 }, readConcern: { level: 'local' } })) === null;
  }

  async function detach(ownerId: number, id: string, reference: string): Promise<void> {
    const file = one(ownerId, id);
    const { modifiedCount } = await files.updateOne(file, { $pull: { 'metadata.references': reference } });
    if (modifiedCount === 1) await removeUnused(file);
  }

  /**
   * The file goes first, on the condition that nobody refers to it: whoever attaches at the same time either keeps it
   * or is told that it is gone. Chunks that a crash leaves behind are swept.
   */
  async function removeUnused(file: { _id: mongoose.mongo.ObjectId }): Promise<boolean> {
    const { deletedCount } = await files.deleteOne({ ...file, ...unused });
    crashPoint('blob.file_removed.before_chunks');
    if (deletedCount === 1) await chunks.deleteMany({ files_id: file._id });
    return deletedCount === 1;
  }
}

function notFound(cause?: unknown): GatewayError {
  return new GatewayError('not_found', 'File not found.', { cause });
}

function one(ownerId: number, id: string): { _id: mongoose.mongo.ObjectId; 'metadata.ownerId': number } {
  return { _id: new mongoose.mongo.ObjectId(id), 'metadata.ownerId': ownerId };
}

function toRef(file: FileRecord): BlobRef {
  const { sha256 = '', mediaType, name } = file.metadata;
  return { id: file._id.toHexString(), bytes: file.length, sha256, mediaType, name };
}
