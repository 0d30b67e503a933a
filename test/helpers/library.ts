import assert from 'node:assert/strict';
import type { estypes } from '@elastic/elasticsearch';
import { createChunkVerbs } from '../../src/activities/chunks/index.ts';
import { createCollectionVerbs } from '../../src/activities/collections/index.ts';
import { createCreateDocument } from '../../src/activities/documents/create-document.ts';
import { createDocumentVerbs } from '../../src/activities/documents/index.ts';
import { createSearch } from '../../src/activities/search/index.ts';
import { createGridFsBlobs } from '../../src/adapters/blobs/gridfs.ts';
import { createChunkIndex } from '../../src/adapters/elasticsearch/chunk-index.ts';
import { connectElasticsearch } from '../../src/adapters/elasticsearch/client.ts';
import { createChunkBatchRepository } from '../../src/adapters/mongo/chunk-batches.ts';
import { createCollectionRepository } from '../../src/adapters/mongo/collections.ts';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { createCounters } from '../../src/adapters/mongo/counters.ts';
import { createDeletionRepository } from '../../src/adapters/mongo/deletions.ts';
import { createDocumentRepository } from '../../src/adapters/mongo/documents.ts';
import { createEmbeddingCache } from '../../src/adapters/mongo/embedding-cache.ts';
import { createExtractionRepository } from '../../src/adapters/mongo/extractions.ts';
import { createIngestionRepository } from '../../src/adapters/mongo/ingestions.ts';
import { createJobModels } from '../../src/adapters/mongo/job-record.ts';
import { createJobRepository } from '../../src/adapters/mongo/jobs.ts';
import { createLibraryModels } from '../../src/adapters/mongo/library-record.ts';
import { createPostedChunkRepository } from '../../src/adapters/mongo/posted-chunks.ts';
import { prepareMongo } from '../../src/adapters/mongo/prepare.ts';
import { createRouterRepository } from '../../src/adapters/mongo/routers.ts';
import { createUserRepository } from '../../src/adapters/mongo/users.ts';
import { parseConfig } from '../../src/config.ts';
import type { Permission } from '../../src/core/access.ts';
import type { Call } from '../../src/core/call.ts';
import type { Visibility } from '../../src/core/collection.ts';
import type { Metadata } from '../../src/core/metadata.ts';
import type { SearchRequest } from '../../src/core/search.ts';
import type { DocumentVerbs } from '../../src/core/verbs.ts';
import { buildUserCall } from './calls.ts';
import { patience, type TestEngines } from './engines.ts';
import { createTestMeter } from './metering.ts';
import { buildProvider, buildRouter } from './models.ts';
import { createTestServe } from './serving.ts';
import { createTestOutbox } from './webhook-outbox.ts';
import { createWordVectors } from './word-vectors.ts';

/** Names of the routers that collections of a test can be embedded with; every test user may use both. */
const models = [
  { vendor: 'local', name: 'word-vectors' },
  { vendor: 'tei', name: 'other-vectors' },
] as const;

type LibraryEngines = Pick<TestEngines, 'mongodbUrl' | 'database' | 'elasticsearchUrl' | 'indexPrefix'>;

/** Collections, documents, chunks and search on the real engines, with a model that counts words. */
export async function openLibrary(engines: LibraryEngines) {
  const connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  const client = connectElasticsearch({ url: engines.elasticsearchUrl });
  const settings = { ...patience.elasticsearch, ...engines };
  const clock = { time: Date.now(), now: () => clock.time };
  const counters = createCounters(connection);
  const libraryModels = createLibraryModels(connection);
  const vendors = { words: createWordVectors(), other: createWordVectors(48) };
  const routers = createRouterRepository(connection, clock);
  const deps = {
    config: parseConfig({ models: { embedding: models[0].name } }),
    clock,
    counters,
    routers,
    users: createUserRepository(connection, counters),
    serve: createTestServe((name) => (name === 'local' ? vendors.words : vendors.other)),
    meter: createTestMeter().meter,
    embeddingCache: createEmbeddingCache(connection, clock),
    blobs: createGridFsBlobs(connection),
    collections: createCollectionRepository(libraryModels),
    documents: createDocumentRepository(libraryModels),
    ingestions: createIngestionRepository(libraryModels),
    extractions: createExtractionRepository(connection),
    chunkBatches: createChunkBatchRepository(libraryModels),
    postedChunks: createPostedChunkRepository(connection, libraryModels),
    deletions: createDeletionRepository(libraryModels),
    jobs: createJobRepository(connection, createJobModels(connection), createTestOutbox(connection)),
    // Nothing here submits a job.
    cancelJob: async () => assert.fail('there was a job to cancel'),
    chunkIndex: createChunkIndex(client, settings),
  };
  await prepareMongo(connection);
  await deps.blobs.prepare();
  for (const [index, { vendor, name }] of models.entries()) {
    const id = index + 1;
    const providers = [buildProvider({ id, routerId: id, vendor, modelName: name })];
    await routers.ensure(buildRouter({ id, name, providers }));
  }
  const verbs: LibraryVerbs = makeVerbs(deps);
  let calls = 0;

  /** A call of a user who may embed; each with an idempotency key of its own. */
  function as(userId: number, permissions: readonly Permission[] = [], changes: Partial<Call> = {}): Call {
    calls += 1;
    const limits = [1, 2].map((router) => ({ router, type: 'rpm' as const, value: null }));
    return buildUserCall({ userId, permissions, limits }, { idempotencyKey: `key_${calls}`, ...changes });
  }

  return {
    deps,
    verbs,
    clock,
    client,
    connection,
    models: libraryModels,
    vendors,
    as,

    /** The same verbs over an index that nobody answers at. */
    withoutIndex(): LibraryVerbs {
      const away = connectElasticsearch({ url: 'http://127.0.0.1:9' });
      return makeVerbs({ ...deps, chunkIndex: createChunkIndex(away, settings) });
    },

    async buildCollection(userId: number, visibility: Visibility = 'private', name = 'a collection'): Promise<number> {
      const call = as(userId, ['create_public_collection']);
      return (await verbs.createCollection({ name, description: null, visibility }, call)).id;
    },

    /** A document of posted chunks. Answers its id; chunks count from 0. */
    async buildDocument(userId: number, collectionId: number, chunks: readonly (string | BuiltChunk)[] = []) {
      const document = { collectionId, file: null, name: 'a document', splitter, metadata: null };
      const { id } = await verbs.createDocument(document, as(userId));
      for (let from = 0; from < chunks.length; from += 64) {
        const posted = chunks.slice(from, from + 64).map(toChunk);
        await verbs.addChunks({ documentId: id, chunks: posted }, as(userId));
      }
      return id;
    },

    /** How many chunks there are in the index, whether anybody may see them or not. */
    async indexed(query: estypes.QueryDslQueryContainer = { match_all: {} }): Promise<number> {
      await client.indices.refresh({ index: `${engines.indexPrefix}-*` });
      return (await client.count({ index: `${engines.indexPrefix}-*`, query })).count;
    },

    async close(): Promise<void> {
      const indices = await client.indices.get({ index: `${engines.indexPrefix}-*` });
      for (const index of Object.keys(indices)) await client.indices.delete({ index });
      await client.close();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}

export type TestLibrary = Awaited<ReturnType<typeof openLibrary>>;

export interface BuiltChunk {
  content: string;
  metadata?: Metadata;
}

/** A search like any other, but for what the test says. */
export function buildSearch(changes: Partial<SearchRequest> = {}): SearchRequest {
  return {
    query: 'anything',
    method: 'hybrid',
    collectionIds: [],
    documentIds: [],
    filter: null,
    limit: 10,
    offset: 0,
    rankConstant: 60,
    scoreThreshold: 0,
    ...changes,
  };
}

export const splitter = {
  chunkSize: 2048,
  chunkMinSize: 0,
  chunkOverlap: 0,
  separators: [],
  isSeparatorRegex: false,
  preset: 'markdown',
  disableChunking: false,
};

type LibraryDependencies = Parameters<typeof createCollectionVerbs>[0] &
  Parameters<typeof createDocumentVerbs>[0] &
  Parameters<typeof createCreateDocument>[0] &
  Parameters<typeof createChunkVerbs>[0] &
  Parameters<typeof createSearch>[0];

/** Reading a document's Markdown takes an ingestion, which is another test's matter. */
type LibraryVerbs = Omit<DocumentVerbs, 'readMarkdown'>;

function makeVerbs(deps: LibraryDependencies): LibraryVerbs {
  return {
    ...createCollectionVerbs(deps),
    ...createDocumentVerbs(deps),
    createDocument: createCreateDocument(deps),
    ...createChunkVerbs(deps),
    search: createSearch(deps),
  };
}

function toChunk(chunk: string | BuiltChunk): { content: string; metadata: Metadata | null } {
  return typeof chunk === 'string' ? { content: chunk, metadata: null } : { metadata: null, ...chunk };
}
