import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { createResponseStorage, type ResponseStorage } from '../../../src/activities/responses/storage.ts';
import { createGridFsBlobs } from '../../../src/adapters/blobs/gridfs.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import { createResponseRepository } from '../../../src/adapters/mongo/responses.ts';
import type { StoredResponse } from '../../../src/core/response.ts';
import { useEngines } from '../../helpers/engines.ts';

describe('the storage of responses', () => {
  const clock = { time: 1_000, now: () => clock.time };
  let connection: Connection;
  let storage: ResponseStorage;

  before(async () => {
    const engines = useEngines();
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    const blobs = createGridFsBlobs(connection);
    storage = createResponseStorage({ responses: createResponseRepository(connection, clock), blobs });
    await prepareMongo(connection);
    await blobs.prepare();
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  let made = 0;
  function build(changes: Partial<StoredResponse> = {}): StoredResponse {
    made += 1;
    return {
      id: `resp_${made}`,
      ownerId: 7,
      createdAt: 1_000,
      expiresAt: clock.time + 1_000,
      response: { tools: [{ parameters: { $ref: '#/$defs/a', 'a.b': 1 } }] },
      input: [{ id: `in_${made}`, type: 'message' }],
      output: [{ id: `out_${made}`, type: 'message' }],
      ancestors: [],
      ...changes,
    };
  }

  /** A text that makes its response larger by as many bytes. */
  function heavy(bytes: number): StoredResponse {
    return build({ input: [{ id: 'heavy', type: 'message', content: 'x'.repeat(bytes) }] });
  }

  async function files(): Promise<number> {
    return connection.collection('blobs.files').countDocuments();
  }

  it('gives back what it was given, whatever the keys are called', async () => {
    const stored = build();
    await storage.save(stored);
    assert.deepEqual(await storage.find(7, stored.id), stored);
    assert.equal(await storage.find(8, stored.id), null);
  });

  it('finds a response by an item of its output, for its owner alone', async () => {
    const stored = build();
    await storage.save(stored);
    const [item] = stored.output;
    assert.deepEqual(await storage.findByItem(7, item?.id ?? ''), stored);
    assert.equal(await storage.findByItem(8, item?.id ?? ''), null);
    assert.equal(await storage.findByItem(7, 'out_none'), null);
  });

  it('finds several in the order they are asked for', async () => {
    const [one, two] = [build(), build()];
    await storage.save(one);
    await storage.save(two);
    assert.deepEqual(await storage.findMany(7, [two.id, 'resp_none', one.id]), [two, one]);
  });

  it('is the same for a response that is stored once more', async () => {
    const stored = build();
    await storage.save(stored);
    await storage.save({ ...stored, output: [] });
    assert.deepEqual((await storage.find(7, stored.id))?.output, []);
  });

  it('puts what is large into a file, and deletes it with the response', async () => {
    const around = JSON.stringify(heavy(0)).length;
    const light = heavy(256 * 1024 - around - 1_000);
    const before = await files();
    await storage.save(light);
    assert.equal(await files(), before);
    const large = heavy(256 * 1024);
    await storage.save(large);
    assert.equal(await files(), before + 1);
    assert.deepEqual(await storage.find(7, large.id), large);
    assert.equal(await storage.remove(7, large.id), true);
    assert.equal(await storage.remove(7, large.id), false);
    assert.equal(await files(), before);
  });

  it('has no response any more when its time is over, and deletes it', async () => {
    const [short, long] = [heavy(300_000), build({ expiresAt: 1_000_000 })];
    await storage.save(short);
    await storage.save(long);
    const before = await files();
    clock.time = short.expiresAt - 1;
    assert.notEqual(await storage.find(7, short.id), null);
    clock.time = short.expiresAt;
    assert.equal(await storage.find(7, short.id), null);
    assert.ok((await storage.purge(100)) >= 1);
    assert.equal(await files(), before - 1);
    assert.equal(await storage.purge(100), 0);
    assert.deepEqual(await storage.find(7, long.id), long);
  });
});
