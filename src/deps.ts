/**
 * Builds every adapter from the configuration; used by both processes and by tests. Nothing here knows what the
 * adapters are used for.
 */

import { join } from 'node:path';
import { createCheckouts } from './adapters/blobs/checkout.ts';
import { createGridFsBlobs } from './adapters/blobs/gridfs.ts';
import { createChunkIndex } from './adapters/elasticsearch/chunk-index.ts';
import { connectElasticsearch } from './adapters/elasticsearch/client.ts';
import { createHttp } from './adapters/http/client.ts';
import { createGuard } from './adapters/http/guard.ts';
import { createOutbound } from './adapters/http/outbound.ts';
import { type Endpoint, endpointsIn } from './adapters/http/own-endpoints.ts';
import { createLedger } from './adapters/ledger/ledger.ts';
import { createLogger } from './adapters/log/logger.ts';
import { createMetrics } from './adapters/metrics/metrics.ts';
import { createApiKeyRepository } from './adapters/mongo/api-keys.ts';
import { createBatchRepository } from './adapters/mongo/batches.ts';
import { createChunkBatchRepository } from './adapters/mongo/chunk-batches.ts';
import { createCollectionRepository } from './adapters/mongo/collections.ts';
import { connectMongo } from './adapters/mongo/connection.ts';
import { createConversationRepository } from './adapters/mongo/conversations.ts';
import { createCounters } from './adapters/mongo/counters.ts';
import { createDeletionRepository } from './adapters/mongo/deletions.ts';
import { createDocumentRepository } from './adapters/mongo/documents.ts';
import { createEmbeddingCache } from './adapters/mongo/embedding-cache.ts';
import { createExtractionRepository } from './adapters/mongo/extractions.ts';
import { createFileRepository } from './adapters/mongo/files.ts';
import { createIngestionRepository } from './adapters/mongo/ingestions.ts';
import { createJobMaintenance } from './adapters/mongo/job-maintenance.ts';
import { createJobModels } from './adapters/mongo/job-record.ts';
import { createJobWatch } from './adapters/mongo/job-watch.ts';
import { createJobRepository } from './adapters/mongo/jobs.ts';
import { createKeyHash } from './adapters/mongo/key-hash.ts';
import { createLibraryModels } from './adapters/mongo/library-record.ts';
import { isMongoOutage } from './adapters/mongo/outage.ts';
import { createPostedChunkRepository } from './adapters/mongo/posted-chunks.ts';
import { prepareMongo } from './adapters/mongo/prepare.ts';
import { createPrincipals } from './adapters/mongo/principals.ts';
import { createProviderLoad } from './adapters/mongo/provider-load.ts';
import { createResponseRepository } from './adapters/mongo/responses.ts';
import { createRoleRepository } from './adapters/mongo/roles.ts';
import { createRouterRepository } from './adapters/mongo/routers.ts';
import { seedMongo } from './adapters/mongo/seed.ts';
import { createSignInAttempts } from './adapters/mongo/sign-in-attempts.ts';
import { createStoredChatRepository } from './adapters/mongo/stored-chats.ts';
import { createUploadRepository } from './adapters/mongo/uploads.ts';
import { createUsageRepository } from './adapters/mongo/usage.ts';
import { createUserRepository } from './adapters/mongo/users.ts';
import { createWebhookAccountRepository } from './adapters/mongo/webhook-accounts.ts';
import { createWebhookDeliveryRepository } from './adapters/mongo/webhook-deliveries.ts';
import { createWebhookEndpointRepository } from './adapters/mongo/webhook-endpoints.ts';
import { createWebhookEventRepository } from './adapters/mongo/webhook-events.ts';
import { createWebhookOutbox } from './adapters/mongo/webhook-outbox.ts';
import { createDocumentParser, defaultDocumentParserSettings } from './adapters/parsing/host.ts';
import { defaultParsingLimits } from './adapters/parsing/limits.ts';
import { createTextSplitter, defaultTextSplitterLimits } from './adapters/parsing/text-splitter.ts';
import { createPasswords } from './adapters/passwords/argon2.ts';
import { createVendors } from './adapters/providers/registry.ts';
import { createSecrets } from './adapters/secrets/seal.ts';
import { loadSecretsKey } from './adapters/secrets/secrets-key.ts';
import { createSignatures } from './adapters/secrets/signatures.ts';
import { createWebhookSigner } from './adapters/secrets/webhook-signer.ts';
import { createWorkflows } from './adapters/temporal/client.ts';
import { connectTemporal } from './adapters/temporal/connection.ts';
import { createDeliveryWorkflows } from './adapters/temporal/delivery-workflows.ts';
import { createShortCalls } from './adapters/temporal/short-calls.ts';
import { createTokenCounter } from './adapters/tokens/token-counter.ts';
import type { Config } from './config.ts';
import { createJobIds } from './core/job-id.ts';

export { loadMasterKey } from './adapters/secrets/master-key.ts';

export async function createDeps(config: Config, name: string) {
  const log = createLogger({ level: config.logLevel, name });
  const connection = await connectMongo(config.mongodb);
  const counters = createCounters(connection);
  const clock = { now: () => Date.now() };

  const keyHash = createKeyHash(config.keyPepper);
  const identity = {
    masterKey: config.masterKey,
    users: createUserRepository(connection, counters),
    roles: createRoleRepository(connection),
    routers: createRouterRepository(connection, clock),
    apiKeys: createApiKeyRepository(connection, counters, keyHash),
    principals: createPrincipals(connection, keyHash, clock),
    passwords: createPasswords(),
    signInAttempts: createSignInAttempts(connection),
  };

  const secretsKey = await loadSecretsKey(config.secrets.key, config.dataDir);
  const secretKeys = { current: secretsKey, old: config.secrets.oldKeys };
  const secrets = createSecrets(secretKeys);

  const { dir: modelsDir, threads, idleTimeoutMs } = config.models;
  const guard = createGuard({ ...config.outbound, ownEndpoints: ownEndpointsOf(config) });
  const http = createHttp(config.upstreams, guard);
  const vendors = createVendors({ http, clock, local: { modelsDir, threads, idleTimeoutMs } });

  const providerLoad = createProviderLoad(connection, log);

  const blobs = createGridFsBlobs(connection);
  const checkouts = createCheckouts(blobs, join(config.dataDir, 'tmp'));

  const libraryModels = createLibraryModels(connection);
  const chunkIndex = createChunkIndex(connectElasticsearch(config.elasticsearch), config.elasticsearch);
  const parser = createDocumentParser({
    ...defaultDocumentParserSettings,
    processes: config.documents.parserProcesses,
    readableFolders: [checkouts.folder],
    limits: {
      ...defaultParsingLimits,
      maxPages: config.documents.maxPages,
      maxPixels: config.documents.maxPixels,
      timeoutMs: config.documents.parseTimeoutMs,
      maxCpuMs: config.documents.parseCpuMs,
      recognitionTimeoutMs: config.documents.recognitionTimeoutMs,
      maxRecognitionCpuMs: config.documents.recognitionCpuMs,
      maxMemoryBytes: config.documents.parseMemoryBytes,
    },
  });

  const webhookEndpoints = createWebhookEndpointRepository(connection);
  const webhookEvents = createWebhookEventRepository(connection, config.webhooks);
  const webhookDeliveries = createWebhookDeliveryRepository(connection, config.webhooks);
  const webhookOutbox = createWebhookOutbox(connection, {
    endpoints: webhookEndpoints,
    events: webhookEvents,
    deliveries: webhookDeliveries,
  });

  const jobModels = createJobModels(connection);
  const jobMaintenance = createJobMaintenance(jobModels);
  const jobWatch = createJobWatch(jobMaintenance, log);
  const temporal = connectTemporal(config.temporal.address);
  const workflows = createWorkflows(temporal, config.temporal, log);
  const shortCalls = createShortCalls(temporal, { ...config.temporal, timeoutMs: config.shortCalls.timeoutMs });

  const usage = createUsageRepository(connection, config.usage);
  const { spoolDir, maxSpoolBytes: maxBytes, writeIntervalMs } = config.usage;
  const spool = { folder: spoolDir ?? join(config.dataDir, 'usage'), maxBytes, writeIntervalMs };

  const { metrics, registry: metricsRegistry } = createMetrics({ countOpenJobs: jobMaintenance.countOpen });

  const deps = {
    config,
    log,
    metrics,
    metricsRegistry,
    clock,
    counters,
    ...identity,
    secrets,
    reasoningSignatures: createSignatures(secretKeys, 'reasoning'),
    outbound: createOutbound(http, guard),
    vendors,
    providerLoad,
    embeddingCache: createEmbeddingCache(connection, clock),
    usage,
    tokens: createTokenCounter(log),
    blobs,
    checkouts,
    files: createFileRepository(connection, clock),
    uploads: createUploadRepository(connection, clock),
    responses: createResponseRepository(connection, clock),
    conversations: createConversationRepository(connection),
    newJobId: createJobIds((bytes) => crypto.getRandomValues(bytes)),
    jobs: createJobRepository(connection, jobModels, webhookOutbox),
    batches: createBatchRepository(connection),
    jobMaintenance,
    jobWatch,
    workflows,
    storedChats: createStoredChatRepository(connection, clock),
    webhookAccounts: createWebhookAccountRepository(connection),
    webhookEndpoints,
    webhookEvents,
    webhookDeliveries,
    webhookOutbox,
    deliveryWorkflows: createDeliveryWorkflows(temporal, config.temporal),
    webhookSigner: createWebhookSigner(secretKeys),
    shortCalls,
    collections: createCollectionRepository(libraryModels),
    documents: createDocumentRepository(libraryModels),
    ingestions: createIngestionRepository(libraryModels),
    extractions: createExtractionRepository(connection),
    chunkBatches: createChunkBatchRepository(libraryModels),
    postedChunks: createPostedChunkRepository(connection, libraryModels),
    deletions: createDeletionRepository(libraryModels),
    chunkIndex,
    parser,
    textSplitter: createTextSplitter({
      ...defaultTextSplitterLimits,
      maxThreads: config.documents.parserProcesses,
      maxSpans: config.documents.maxChunks,
    }),
    isStoreOutage: isMongoOutage,
    async pingStore(): Promise<void> {
      await connection.db?.command({ ping: 1 });
    },
  };
  await prepareMongo(connection);
  await seedMongo({ counters, ...identity }, clock.now());
  await blobs.prepare();
  const ledger = createLedger(spool, usage.record, log);
  return {
    ...deps,
    ledger,
    async close(): Promise<void> {
      await jobWatch.close();
      await temporal.close();
      await parser.close();
      await chunkIndex.close();
      await checkouts.close();
      await vendors.close();
      await providerLoad.close();
      await http.close();
      await ledger.close();
      await connection.close();
    },
  };
}

export type Deps = Awaited<ReturnType<typeof createDeps>>;

/** Of this process, of the engines that it trusts with everything, and what its operator names beside them. */
function ownEndpointsOf({ http, worker, mongodb, temporal, elasticsearch, outbound }: Config): Endpoint[] {
  const engines = [mongodb.url, temporal.address, temporal.uiUrl ?? '', elasticsearch.url, ...outbound.deniedEndpoints];
  const health = worker.healthPort === null ? [] : [{ host: worker.healthHost, port: worker.healthPort }];
  return [{ host: http.host, port: http.port }, ...health, ...engines.flatMap(endpointsIn)];
}
