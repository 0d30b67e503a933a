import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { openSession, type Session } from '../../engines/launch/session.ts';
import { createGridFsBlobs } from '../../src/adapters/blobs/gridfs.ts';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { isMongoOutage } from '../../src/adapters/mongo/outage.ts';
import { type OwnedEngine, openEngines } from './torture/owned-engines.ts';

const MiB = 1024 * 1024;
/** What only memory held is lost in most of them. */
const rounds = 5;
const never = new AbortController().signal;

/** Its driver waits for as long as it takes to come back. */
function urlOf({ port }: OwnedEngine): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=60000`;
}

describe('MongoDB killed', () => {
  let session: Session;
  let directory: string;
  let mongodb: OwnedEngine;
  let connection: Connection;
  before(async () => {
    session = openSession();
    directory = await mkdtemp(join(tmpdir(), 'switchyard-mongodb-'));
    ({ mongodb } = await openEngines(directory, session));
    await mongodb.start();
    connection = await connectMongo({ url: urlOf(mongodb), database: 'files' });
  });
  after(async () => {
    await connection.close();
    await session.endAll(5_000);
    await rm(directory, { recursive: true, force: true });
  });

  it('in the middle of an upload leaves the file whole, or the upload fails', async () => {
    const blobs = createGridFsBlobs(connection);
    const parts = [randomBytes(MiB), randomBytes(10)];
    const chunks = connection.collection('blobs.chunks');

    async function* content() {
      const before = await chunks.countDocuments({}, { readConcern: 'local' });
      yield parts[0] as Buffer;
      // As soon as it was taken.
      while ((await chunks.countDocuments({}, { readConcern: 'local' })) === before);
      await mongodb.kill();
      await mongodb.start();
      yield parts[1] as Buffer;
    }

    for (let round = 0; round < rounds; round += 1) {
      const upload = { content: content(), mediaType: 'text/plain', name: 'a.txt', maxBytes: 2 * MiB };
      try {
        const { id } = await blobs.put(1, upload, never);
        const read = Buffer.concat(await Array.fromAsync(blobs.read(1, id)));
        assert.ok(read.equals(Buffer.concat(parts)));
      } catch (error) {
        assert.ok(isMongoOutage(error), String(error));
      }
    }
  });
});
