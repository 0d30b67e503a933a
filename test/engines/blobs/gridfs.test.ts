import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import mongoose from 'mongoose';
import { createGridFsBlobs } from '../../../src/adapters/blobs/gridfs.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { useEngines } from '../../helpers/engines.ts';

const chunkBytes = 1024 * 1024;
/** So small that its writer is not asked to wait for it. */
const fewBytes = 1_024;

describe('an upload to GridFS', () => {
  const { mongodbUrl: url, database } = useEngines();
  after(async () => {
    const connection = await connectMongo({ url, database });
    await connection.dropDatabase();
    await connection.close();
  });

  it('fails when a write fails while its source is waited for', { timeout: 60_000 }, async () => {
    const connection = await connectMongo({ url, database });
    const blobs = createGridFsBlobs(connection);
    await blobs.prepare();

    async function* content(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(chunkBytes - fewBytes);
      await connection.close();
      // The chunk is complete, and cannot be written.
      yield new Uint8Array(fewBytes);
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      yield new Uint8Array(fewBytes);
    }
    const upload = { content: content(), mediaType: 'text/plain', name: null, maxBytes: 10 * chunkBytes };
    const put = blobs.put(1, upload, new AbortController().signal);
    await assert.rejects(put, mongoose.mongo.MongoNotConnectedError);
  });
});
