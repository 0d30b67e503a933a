import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import mongoose, { type Connection } from 'mongoose';
import { createGridFsBlobs } from '../../src/adapters/blobs/gridfs.ts';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import type { BlobStore } from '../../src/core/blob.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { useEngines } from '../helpers/engines.ts';

const never = new AbortController().signal;
const MiB = 1024 * 1024;
/** A race is lost now and then: a store that does not heed it fails one of so many. */
const rounds = 60;

async function* inParts(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(content));
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

/** What every blob store must do; run for each implementation. */
function conformance(
  name: string,
  open: () => Promise<{ store: BlobStore; stored(): Promise<number>; close(): Promise<void> }>,
) {
  describe(`blob store: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let blobs: BlobStore;
    before(async () => {
      opened = await open();
      blobs = opened.store;
    });
    after(() => opened.close());

    const put = (ownerId: number, bytes: Uint8Array, maxBytes = 10 * MiB, partSize = 100_000) =>
      blobs.put(
        ownerId,
        { content: inParts(bytes, partSize), mediaType: 'text/plain', name: 'a.txt', maxBytes },
        never,
      );

    it('gives back what was put in, with its size and hash', async () => {
      for (const size of [0, 1, 100_000, 3 * MiB + 7]) {
        const bytes = randomBytes(size);
        const ref = await put(1, bytes);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        assert.deepEqual({ ...ref, id: '' }, { id: '', bytes: size, sha256, mediaType: 'text/plain', name: 'a.txt' });
        assert.deepEqual(await blobs.find(1, ref.id), ref);
        assert.ok((await whole(blobs.read(1, ref.id))).equals(bytes));
      }
    });

    it('reads a range, both ends included', async () => {
      const bytes = randomBytes(2 * MiB);
      const { id } = await put(1, bytes);
      for (const range of [
        { from: 0, to: 0 },
        { from: 5, to: 9 },
        { from: MiB - 1, to: MiB },
        { from: 7, to: 2 * MiB - 1 },
      ]) {
        assert.ok((await whole(blobs.read(1, id, range))).equals(bytes.subarray(range.from, range.to + 1)));
      }
    });

    it('takes a file of exactly the limit and refuses one byte more, leaving nothing', async () => {
      await put(1, randomBytes(1_000), 1_000, 10);
      const before = await opened.stored();
      await assert.rejects(put(1, randomBytes(1_001), 1_000, 10), hasCode('body_too_large'));
      assert.equal(await opened.stored(), before);
    });

    it('leaves nothing of an upload that breaks off', async () => {
      const before = await opened.stored();
      async function* broken() {
        yield randomBytes(2 * MiB);
        throw new Error('connection lost');
      }
      const upload = { content: broken(), mediaType: 'text/plain', name: null, maxBytes: 10 * MiB };
      await assert.rejects(blobs.put(1, upload, never), /connection lost/);
      assert.equal(await opened.stored(), before);
    });

    it("does not know another owner's blob", async () => {
      const { id } = await put(1, randomBytes(10));
      assert.equal(await blobs.find(2, id), null);
      await assert.rejects(whole(blobs.read(2, id)), hasCode('not_found'));
      await assert.rejects(blobs.attach(2, id, 'job:x'), hasCode('not_found'));
      await blobs.discard(2, id);
      assert.ok(await blobs.find(1, id));
    });

    it('answers null for an id that is none', async () => {
      assert.equal(await blobs.find(1, 'nonsense'), null);
    });

    it('keeps a blob until its last reference is released', async () => {
      const { id } = await put(1, randomBytes(10));
      await blobs.attach(1, id, 'job:a');
      await blobs.attach(1, id, 'job:a');
      await blobs.attach(1, id, 'document:b');
      await blobs.discard(1, id);
      await blobs.release(1, 'job:a');
      assert.ok(await blobs.find(1, id));
      await blobs.release(1, 'document:b');
      assert.equal(await blobs.find(1, id), null);
      await blobs.release(1, 'document:b');
    });

    it('drops a reference from one blob and keeps it on the other', async () => {
      const [lost, kept] = [await put(1, randomBytes(10)), await put(1, randomBytes(10))];
      await blobs.attach(1, lost.id, 'job:two:result');
      await blobs.attach(1, kept.id, 'job:two:result');
      await blobs.detach(2, lost.id, 'job:two:result');
      assert.ok(await blobs.find(1, lost.id));
      await blobs.detach(1, lost.id, 'job:two:result');
      await blobs.detach(1, lost.id, 'job:two:result');
      assert.equal(await blobs.find(1, lost.id), null);
      assert.ok(await blobs.find(1, kept.id));
      await blobs.release(1, 'job:two:result');
    });

    it('does not take a blob from whoever attached it while it was discarded, released or swept', async () => {
      for (let round = 0; round < rounds; round += 1) {
        const { id } = await put(1, randomBytes(10));
        const first = `job:first-${round}`;
        const second = `job:second-${round}`;
        const removals = [
          async () => blobs.discard(1, id),
          async () => blobs.sweep(Date.now() + 60_000),
          async () => {
            await blobs.attach(1, id, first);
            await blobs.release(1, first);
          },
        ];
        const [attached] = await Promise.allSettled([
          blobs.attach(1, id, second),
          ...removals.map((remove) => remove()),
        ]);
        const isThere = attached.status === 'fulfilled';
        if (!isThere) assert.ok(hasCode('not_found')(attached.reason));
        assert.equal((await blobs.find(1, id)) !== null, isThere, `round ${round}`);
        if (isThere) assert.equal((await whole(blobs.read(1, id))).length, 10);
        await blobs.release(1, second);
      }
      assert.equal(await opened.stored(), 0);
    });

    it('gives a reader all of what is discarded meanwhile, or says that it is gone', async () => {
      const bytes = randomBytes(100_000);
      for (let round = 0; round < rounds; round += 1) {
        const { id } = await put(1, bytes);
        const [read] = await Promise.allSettled([whole(blobs.read(1, id)), blobs.discard(1, id)]);
        if (read.status === 'fulfilled') assert.ok(read.value.equals(bytes));
        else assert.ok(hasCode('not_found')(read.reason), String(read.reason));
      }
    });

    it('sweeps what nobody refers to and nothing else', async () => {
      const held = await put(1, randomBytes(10));
      await blobs.attach(1, held.id, 'job:held');
      const loose = await put(1, randomBytes(10));
      assert.equal(await blobs.sweep(Date.now() - 3_600_000), 0);
      assert.ok((await blobs.sweep(Date.now() + 1_000)) >= 1);
      assert.equal(await blobs.find(1, loose.id), null);
      assert.ok(await blobs.find(1, held.id));
    });

    it('tells what refers to its blobs, by the beginning of the name', async () => {
      const { id } = await put(1, randomBytes(10));
      for (const reference of ['ref:a', 'ref:b', 'other:c']) await blobs.attach(1, id, reference);
      const held = (await blobs.references('ref:')).filter(({ ownerId }) => ownerId === 1);
      assert.deepEqual(held.map(({ reference }) => reference).sort(), ['ref:a', 'ref:b']);
    });

    it('discards only what nobody refers to', async () => {
      const { id } = await put(1, randomBytes(10));
      await blobs.discard(1, id);
      assert.equal(await blobs.find(1, id), null);
    });
  });
}

conformance('GridFS', async () => {
  const engines = useEngines();
  const connection: Connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  const store = createGridFsBlobs(connection);
  await store.prepare();
  return {
    store,
    stored: async () => {
      const counts = await Promise.all(
        ['blobs.files', 'blobs.chunks'].map((name) => connection.collection(name).countDocuments()),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close: async () => {
      await connection.dropDatabase();
      await connection.close();
    },
  };
});

describe('what a killed upload leaves in GridFS', () => {
  const { ObjectId } = mongoose.mongo;
  const hourMs = 3_600_000;
  let connection: Connection;
  let store: ReturnType<typeof createGridFsBlobs>;
  before(async () => {
    const engines = useEngines();
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    store = createGridFsBlobs(connection);
    await store.prepare();
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  const idOf = (ageMs: number) => new ObjectId(ObjectId.createFromTime((Date.now() - ageMs) / 1_000));
  const chunks = () => connection.collection('blobs.chunks');

  /** An upload of which nobody wrote down a file: its chunks alone, begun and last written to so long ago. */
  async function leave(begunMs: number, writtenMs: number, count = 2): Promise<mongoose.mongo.ObjectId> {
    const fileId = new ObjectId(`${idOf(begunMs).toHexString().slice(0, 8)}${randomBytes(8).toString('hex')}`);
    const made = Array.from({ length: count }, (_, n) => ({
      _id: new ObjectId(`${idOf(writtenMs).toHexString().slice(0, 8)}${randomBytes(8).toString('hex')}`),
      files_id: fileId,
      n,
      data: Buffer.alloc(8),
    }));
    await chunks().insertMany(made);
    return fileId;
  }

  it('is swept once it is old, while files and uploads under way keep their chunks', async () => {
    const killed = await leave(2 * hourMs, 2 * hourMs);
    const young = await leave(hourMs / 2, hourMs / 2);
    const slow = await leave(2 * hourMs, 1_000);
    const content = inParts(randomBytes(100), 10);
    const held = await store.put(1, { content, mediaType: 'text/plain', name: null, maxBytes: 100 }, never);
    await store.attach(1, held.id, 'job:x');

    assert.equal(await store.sweep(Date.now() - hourMs), 1);
    assert.equal(await chunks().countDocuments({ files_id: killed }), 0);
    assert.equal(await chunks().countDocuments({ files_id: young }), 2);
    assert.equal(await chunks().countDocuments({ files_id: slow }), 2);
    assert.equal(await store.sweep(Date.now() + hourMs), 2);
    assert.equal((await whole(store.read(1, held.id))).length, 100);
  });

  it('is found behind more chunks than one sweep looks at', async () => {
    await leave(9 * hourMs, 1_000, 1_500);
    const killed = await leave(2 * hourMs, 2 * hourMs);
    await store.sweep(Date.now() - hourMs);
    await store.sweep(Date.now() - hourMs);
    assert.equal(await chunks().countDocuments({ files_id: killed }), 0);
  });
});
