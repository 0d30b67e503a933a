import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { embedTexts } from '../../../src/activities/embed-texts.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { createEmbeddingCache, type EmbeddingCache } from '../../../src/adapters/mongo/embedding-cache.ts';
import { prepareMongo } from '../../../src/adapters/mongo/prepare.ts';
import type { Call } from '../../../src/core/call.ts';
import type { ModelRouter } from '../../../src/core/models.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { createTestMeter } from '../../helpers/metering.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';
import { createTestServe } from '../../helpers/serving.ts';
import { createWordVectors, type WordVectors, wordVector } from '../../helpers/word-vectors.ts';

const day = 86_400_000;
const router = buildRouter({ vectorSize: 64, providers: [buildProvider({ modelName: 'words-64' })] });

describe('embedding of our own texts', () => {
  let connection: Connection;
  let cache: EmbeddingCache;
  let words: WordVectors;
  const clock = { time: Date.now(), now: () => clock.time };

  before(async () => {
    const engines = useEngines();
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    cache = createEmbeddingCache(connection, clock);
    await prepareMongo(connection);
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });
  beforeEach(() => {
    words = createWordVectors();
  });

  function embed(texts: readonly string[], call: Call = buildUserCall(), model: Partial<ModelRouter> = {}) {
    const serve = createTestServe(() => words);
    return embedTexts(
      { serve, meter: createTestMeter().meter, embeddingCache: cache },
      { ...router, ...model },
      texts,
      call,
    );
  }

  it('asks the model once for each text, ever', async () => {
    const first = await embed(['apple pie', 'plum cake', 'apple pie']);
    assert.deepEqual(words.asked, ['apple pie', 'plum cake']);
    assert.equal(first.usage.promptTokens, 4);
    const second = await embed(['plum cake', 'fresh bread', 'apple pie']);
    assert.deepEqual(words.asked, ['apple pie', 'plum cake', 'fresh bread']);
    assert.equal(second.usage.promptTokens, 2);
    assert.deepEqual(
      second.vectors,
      ['plum cake', 'fresh bread', 'apple pie'].map((text) => wordVector(text)),
    );
  });

  it('costs nothing when everything was there', async () => {
    await embed(['known']);
    const again = await embed(['known']);
    assert.deepEqual(again.usage, usageOf({}));
    assert.deepEqual(again.vectors, [wordVector('known')]);
  });

  it('takes no text at all', async () => {
    assert.deepEqual((await embed([])).vectors, []);
    assert.deepEqual(words.asked, []);
  });

  it('shares nothing between owners', async () => {
    await embed(['private'], buildUserCall({ userId: 1 }));
    await embed(['private'], buildUserCall({ userId: 2 }));
    assert.deepEqual(words.asked, ['private', 'private']);
  });

  it('shares nothing between models', async () => {
    await embed(['shared']);
    await embed(['shared'], buildUserCall(), { providers: [buildProvider({ id: 2, modelName: 'words-128' })] });
    assert.deepEqual(words.asked, ['shared', 'shared']);
  });

  it('shares nothing between deployments that serve a model under the same name', async () => {
    for (const url of ['http://127.0.0.1:1/', 'http://127.0.0.1:2/']) {
      await embed(['deployed'], buildUserCall(), { providers: [buildProvider({ modelName: 'words-64', url })] });
    }
    assert.deepEqual(words.asked, ['deployed', 'deployed']);
  });

  it('keeps what is used and gives the rest a date to go', async () => {
    const vector = Float32Array.of(0.5, -0.25);
    await cache.put(
      new Map([
        ['used', vector],
        ['unused', vector],
      ]),
    );
    const start = clock.time;
    clock.time = start + 2 * day;
    assert.deepEqual(await cache.get(['used', 'absent']), new Map([['used', vector]]));
    const stored = await connection.collection<{ _id: string; usedAt: Date }>('embedding_cache').find().toArray();
    const usedAt = (id: string) => stored.find((record) => record._id === id)?.usedAt.getTime();
    assert.deepEqual([usedAt('used'), usedAt('unused')], [start + 2 * day, start]);
    const indexes = await connection.collection('embedding_cache').indexes();
    assert.ok(indexes.some((index) => index.expireAfterSeconds === 30 * 24 * 3600));
    clock.time = start;
  });

  it('survives two who store the same at once', async () => {
    const vectors = new Map(Array.from({ length: 50 }, (_, index) => [`same-${index}`, Float32Array.of(index)]));
    await Promise.all([cache.put(vectors), cache.put(vectors), cache.put(vectors)]);
    assert.equal((await cache.get([...vectors.keys()])).size, 50);
  });
});
