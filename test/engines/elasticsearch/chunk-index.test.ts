import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { type ChunkIndex, createChunkIndex } from '../../../src/adapters/elasticsearch/chunk-index.ts';
import { connectElasticsearch } from '../../../src/adapters/elasticsearch/client.ts';
import type { Leg } from '../../../src/adapters/elasticsearch/search.ts';
import type { IndexedChunk } from '../../../src/adapters/elasticsearch/write.ts';
import { patience, useEngines } from '../../helpers/engines.ts';

const engines = useEngines();
const settings = { ...patience.elasticsearch, ...engines };
const { signal } = new AbortController();
const nothing = { versions: [], chunks: [] };

function buildChunk(chunkId: number, changes: Partial<IndexedChunk> = {}): IndexedChunk {
  const vector = Float32Array.of(1, chunkId / 100, 0);
  return { collectionId: 1, documentId: 1, version: 1, chunkId, content: 'a text', metadata: null, vector, ...changes };
}

function buildLeg(model: string, collectionIds: readonly number[] = [1]): Leg {
  const scope = { collectionIds, documentIds: [], filter: null };
  return { kind: 'lexical', scope, window: 100, spaces: [{ model, dimensions: 3 }], text: 'text' };
}

describe('the chunk index', () => {
  const client = connectElasticsearch({ url: engines.elasticsearchUrl });
  let index: ChunkIndex;

  before(() => {
    index = createChunkIndex(client, settings);
  });
  after(async () => {
    const names = await client.indices.get({ index: `${engines.indexPrefix}-*` });
    for (const name of Object.keys(names)) await client.indices.delete({ index: name });
    await client.close();
  });

  const found = async (model: string) => (await index.search([buildLeg(model)], nothing, signal))[0] ?? [];

  it('is made by the first who write, also when there are many of them', async () => {
    const space = { model: 'made/By-Many', dimensions: 3 };
    const writers = Array.from({ length: 6 }, (_, chunkId) => {
      const own = createChunkIndex(client, settings);
      return own.write(space, [buildChunk(chunkId)], signal);
    });
    await Promise.all(writers);
    await index.refresh(space, signal);
    assert.equal((await found(space.model)).length, writers.length);
  });

  it('has a name of its own for models that are spelt alike, and for every length', async () => {
    for (const [model, dimensions] of [
      ['a/b', 3],
      ['a-b', 3],
      ['A/B', 3],
      ['a/b', 4],
    ] as const) {
      const vector = new Float32Array(dimensions).fill(1);
      await index.write({ model, dimensions }, [buildChunk(0, { vector })], signal);
    }
    const names = Object.keys(await client.indices.get({ index: `${engines.indexPrefix}-chunks-a-b-*` }));
    assert.equal(names.length, 4);
  });

  it('holds a chunk once, however often it is written', async () => {
    const space = { model: 'once', dimensions: 3 };
    for (let time = 0; time < 3; time += 1) await index.write(space, [buildChunk(0), buildChunk(1)], signal);
    await index.refresh(space, signal);
    const hits = await found('once');
    assert.deepEqual(hits.map((hit) => hit.chunkId).toSorted(), [0, 1]);
  });

  it('is made again, with its mapping, when somebody has deleted it', async () => {
    const space = { model: 'deleted', dimensions: 3 };
    await index.write(space, [buildChunk(0)], signal);
    for (const name of Object.keys(await client.indices.get({ index: `${engines.indexPrefix}-chunks-deleted-*` }))) {
      await client.indices.delete({ index: name });
    }
    assert.deepEqual(await found('deleted'), []);
    await index.write(space, [buildChunk(7)], signal);
    await index.refresh(space, signal);
    const leg: Leg = {
      kind: 'semantic',
      scope: { collectionIds: [1], documentIds: [], filter: null },
      window: 10,
      space,
      vector: Float32Array.of(1, 0, 0),
      minCosine: null,
    };
    assert.equal((await index.search([leg], nothing, signal))[0]?.[0]?.chunkId, 7);
  });

  it('refuses a vector of zeros and one of another length', async () => {
    const space = { model: 'refusing', dimensions: 3 };
    const zeros = buildChunk(0, { vector: new Float32Array(3) });
    await assert.rejects(index.write(space, [zeros], signal), { code: 'upstream_error' });
    const long = buildChunk(0, { vector: new Float32Array(4).fill(1) });
    await assert.rejects(index.write(space, [long], signal), /does not belong/);
  });

  it('takes texts that no encoding foresees', async () => {
    const space = { model: 'hostile', dimensions: 3 };
    const content = 'text \ud83d \u0000 \u{10ffff} "\\';
    const metadata = { 'clé\u{1f600}': '\ud83d', n: -0.5, '*': '\u0000' };
    await index.write(space, [buildChunk(0, { content, metadata })], signal);
    await index.refresh(space, signal);
    assert.equal((await found('hostile')).length, 1);
  });

  it('asks nothing for an empty scope', async () => {
    const away = createChunkIndex(connectElasticsearch({ url: 'http://127.0.0.1:9' }), settings);
    assert.deepEqual(await away.search([buildLeg('once', []), buildLeg('once', [])], nothing, signal), [[], []]);
    await away.close();
  });

  it('is unavailable when nobody answers', async () => {
    const away = createChunkIndex(connectElasticsearch({ url: 'http://127.0.0.1:9' }), settings);
    const expected = { code: 'unavailable', status: 503, retryable: true };
    await assert.rejects(away.search([buildLeg('once')], nothing, signal), expected);
    await assert.rejects(away.write({ model: 'once', dimensions: 3 }, [buildChunk(0)], signal), expected);
    await assert.rejects(away.deleteChunks({ of: 'collection', collectionId: 1 }, signal), expected);
    await assert.rejects(away.ping(signal), expected);
    await away.close();
  });

  it('waits less long for a search than for what changes much', async () => {
    const answered: string[] = [];
    const server = createServer((request, response) => {
      response.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json');
      setTimeout(() => {
        answered.push(request.url ?? '');
        response.end('{}');
      }, 300);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const slow = createChunkIndex(connectElasticsearch({ url: `http://127.0.0.1:${port}` }), {
      ...engines,
      searchTimeoutMs: 30,
    });
    await slow.refresh({ model: 'slow', dimensions: 3 }, signal);
    assert.equal(answered.length, 1);
    await assert.rejects(slow.search([buildLeg('slow')], nothing, signal), { code: 'unavailable' });
    await slow.close();
    server.close();
    server.closeAllConnections();
  });

  it('is unavailable when one half of a search fails', async () => {
    const space = { model: 'half', dimensions: 3 };
    await index.write(space, [buildChunk(0)], signal);
    const failed = { error: { type: 'search_phase_execution_exception', reason: 'all shards failed' }, status: 503 };
    const server = createServer(async (request, response) => {
      const { accept = '', 'content-type': contentType = '' } = request.headers;
      const sent = { method: 'POST', headers: { accept, 'content-type': contentType } };
      const answer = await fetch(`${engines.elasticsearchUrl}${request.url}`, { ...sent, body: await text(request) });
      const { responses } = (await answer.json()) as { responses: unknown[] };
      response.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ responses: [responses[0], failed] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const half = createChunkIndex(connectElasticsearch({ url: `http://127.0.0.1:${port}` }), settings);
    await assert.rejects(half.search([buildLeg('half'), buildLeg('half')], nothing, signal), { code: 'unavailable' });
    await half.close();
    server.close();
    server.closeAllConnections();
  });
});
