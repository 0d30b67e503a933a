import { type Connection, type mongo, Schema } from 'mongoose';

interface CachedVector {
  /** A hash of everything that the vector depends on. */
  _id: string;
  /** 32-bit floats, little-endian. */
  vector: mongo.Binary;
  usedAt: Date;
}

const daySeconds = 24 * 3600;
const lifetimeSeconds = 30 * daySeconds;

const schema = new Schema<CachedVector>({ _id: String, vector: Buffer, usedAt: Date }, { versionKey: false });
schema.index({ usedAt: 1 }, { expireAfterSeconds: lifetimeSeconds });

/** Vectors by key, kept for 30 days after their last use, give or take one. */
export function createEmbeddingCache(connection: Connection, clock: { now(): number }) {
  const Vectors = connection.model<CachedVector>('embedding', schema, 'embedding_cache');
  return {
    async get(keys: readonly string[]): Promise<Map<string, Float32Array>> {
      const records = await Vectors.find({ _id: { $in: [...keys] } })
        .readConcern('local')
        .lean();
      const staleBefore = new Date(clock.now() - daySeconds * 1000);
      const stale = records.filter((record) => record.usedAt < staleBefore).map((record) => record._id);
      if (stale.length > 0) await Vectors.updateMany({ _id: { $in: stale } }, { usedAt: new Date(clock.now()) });
      return new Map(records.map((record) => [record._id, toVector(record.vector)]));
    },

    async put(vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
      const usedAt = new Date(clock.now());
      const writes = [...vectors].map(([key, vector]) => ({
        updateOne: { filter: { _id: key }, update: { $set: { vector: toBytes(vector), usedAt } }, upsert: true },
      }));
      // What is lost here is only computed again, so neither writer nor reader waits for the majority.
      await Vectors.bulkWrite(writes, { ordered: false, writeConcern: { w: 1, journal: false } });
    },
  };
}

export type EmbeddingCache = ReturnType<typeof createEmbeddingCache>;

function toBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** Copied, because floats must start at a multiple of four. */
function toVector(bytes: mongo.Binary): Float32Array {
  return new Float32Array(Uint8Array.from(bytes.value()).buffer);
}
