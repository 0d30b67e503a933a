import mongoose, { type mongo } from 'mongoose';

export interface ChunkRecord {
  /** Made by the driver as the chunk is written, so it tells when. */
  _id: mongo.ObjectId;
  files_id: mongo.ObjectId;
  n: number;
}

const firstId = new mongoose.mongo.ObjectId('0'.repeat(24));
/** So many chunks one sweep looks at: it takes as long whatever is stored. */
const pageSize = 1_000;

/**
 * Deletes chunks without a file. GridFS writes a file down when its last chunk is: of an upload that was killed there
 * are chunks alone. Each call goes on where the last one ended, and round again; it answers of how many files.
 */
export function createChunkSweep(
  chunks: mongo.Collection<ChunkRecord>,
  /** Which of these files there are. */
  findFiles: (ids: mongo.ObjectId[]) => AsyncIterable<{ _id: mongo.ObjectId }>,
) {
  let position = firstId;

  /** A slow upload may have begun long ago; its latest chunk is young. */
  async function isUnderWay(id: mongo.ObjectId, before: mongo.ObjectId): Promise<boolean> {
    return (await chunks.findOne({ files_id: id, _id: { $gte: before } }, { projection: { _id: 1 } })) !== null;
  }

  return async function sweepChunks(olderThan: number): Promise<number> {
    const before = mongoose.mongo.ObjectId.createFromTime(Math.floor(olderThan / 1_000));
    const page = await chunks
      .find({ files_id: { $gt: position, $lt: before } }, { projection: { _id: 0, files_id: 1 } })
      .sort({ files_id: 1, n: 1 })
      .limit(pageSize)
      .toArray();
    position = page.length < pageSize ? firstId : (page.at(-1)?.files_id ?? firstId);

    const orphans = new Map(page.map(({ files_id: id }) => [id.toHexString(), id]));
    for await (const { _id } of findFiles([...orphans.values()])) orphans.delete(_id.toHexString());
    let swept = 0;
    for (const id of orphans.values()) {
      if (await isUnderWay(id, before)) continue;
      await chunks.deleteMany({ files_id: id });
      swept += 1;
    }
    return swept;
  };
}
