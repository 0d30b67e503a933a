import type { Checkouts } from '../adapters/blobs/checkout.ts';
import type { ChunkIndex } from '../adapters/elasticsearch/chunk-index.ts';
import type { Ledger } from '../adapters/ledger/ledger.ts';
import type { ChunkBatchRepository } from '../adapters/mongo/chunk-batches.ts';
import type { CollectionRepository } from '../adapters/mongo/collections.ts';
import type { ConversationRepository } from '../adapters/mongo/conversations.ts';
import type { Counters } from '../adapters/mongo/counters.ts';
import type { DeletionRepository } from '../adapters/mongo/deletions.ts';
import type { DocumentRepository } from '../adapters/mongo/documents.ts';
import type { EmbeddingCache } from '../adapters/mongo/embedding-cache.ts';
import type { ExtractionRepository } from '../adapters/mongo/extractions.ts';
import type { IngestionRepository } from '../adapters/mongo/ingestions.ts';
import type { JobMaintenance } from '../adapters/mongo/job-maintenance.ts';
import type { JobWatch } from '../adapters/mongo/job-watch.ts';
import type { JobRepository } from '../adapters/mongo/jobs.ts';
import type { PostedChunkRepository } from '../adapters/mongo/posted-chunks.ts';
import type { ProviderLoad } from '../adapters/mongo/provider-load.ts';
import type { ResponseRepository } from '../adapters/mongo/responses.ts';
import type { StoredChatRepository } from '../adapters/mongo/stored-chats.ts';
import type { UsageRepository } from '../adapters/mongo/usage.ts';
import type { TextSplitter } from '../adapters/parsing/text-splitter.ts';
import type { Vendors } from '../adapters/providers/registry.ts';
import type { Secrets } from '../adapters/secrets/seal.ts';
import type { Signatures } from '../adapters/secrets/signatures.ts';
import type { Workflows } from '../adapters/temporal/client.ts';
import type { TokenCounter } from '../adapters/tokens/token-counter.ts';
import type { Config } from '../config.ts';
import type { BlobStore } from '../core/blob.ts';
import type { Logger } from '../core/call.ts';
import type { DocumentParser } from '../core/document.ts';
import type { IdentityDependencies } from './identity/dependencies.ts';
import type { Meter } from './metering/meter.ts';
import type { ReasoningSeal } from './reasoning-seal.ts';
import type { Serve } from './routing/serve.ts';

/** What the verbs are made with. Each group of verbs picks the few it needs. */
export interface Dependencies extends IdentityDependencies {
  config: Config;
  log: Logger;
  /** Milliseconds since the epoch; tests set it. */
  clock: { now(): number };
  counters: Counters;
  secrets: Secrets;
  /** For signatures of upstreams that travel through callers. */
  reasoningSignatures: Signatures;
  reasoningSeal: ReasoningSeal;
  vendors: Vendors;
  providerLoad: ProviderLoad;
  serve: Serve;
  meter: Meter;
  ledger: Ledger;
  tokens: TokenCounter;
  usage: UsageRepository;
  embeddingCache: EmbeddingCache;
  blobs: BlobStore;
  checkouts: Checkouts;
  newJobId(now: number): string;
  responses: ResponseRepository;
  conversations: ConversationRepository;
  jobs: JobRepository;
  jobMaintenance: JobMaintenance;
  jobWatch: JobWatch;
  workflows: Workflows;
  storedChats: StoredChatRepository;
  collections: CollectionRepository;
  documents: DocumentRepository;
  ingestions: IngestionRepository;
  extractions: ExtractionRepository;
  chunkBatches: ChunkBatchRepository;
  postedChunks: PostedChunkRepository;
  deletions: DeletionRepository;
  chunkIndex: ChunkIndex;
  parser: DocumentParser;
  textSplitter: TextSplitter;
  isStoreOutage(error: unknown): boolean;
  /** Throws when the store does not answer. */
  pingStore(): Promise<void>;
}
