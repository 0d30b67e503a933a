/**
 * Everything the system can do. Activities implement it, dialects name its keys, workflows proxy it, the API receives
 * it. A verb checks access once, through `access.ts`, and throws nothing but `GatewayError`.
 */
import type { Principal } from './access.ts';
import type { NewBatch, NewEmbedBatch } from './batch.ts';
import type { NamedUsageRecord, UsageQuery } from './billing/usage-record.ts';
import type { BlobRef, BlobUpload, ByteRange } from './blob.ts';
import type { StreamVerb, Verb } from './call.ts';
import type { ChatPart } from './chat/parts.ts';
import type { StoredChat, StoredChatList, StoredChatQuery } from './chat/stored-chat.ts';
import type { ChatCall } from './chat.ts';
import type {
  Chunk,
  Collection,
  CollectionChanges,
  CollectionQuery,
  DocumentQuery,
  NewChunk,
  NewDocument,
  StoredDocument,
  Visibility,
} from './collection.ts';
import type { PartRange } from './document.ts';
import type { FileList, FileQuery, NewFile, StoredFile } from './file.ts';
import type { HealthReport } from './health.ts';
import type { ApiKey, IssuedKey, NewUser, OffsetPage, Role, User, UserQuery } from './identity.ts';
import type { Job, JobEnding, JobEvent, JobList, JobPage, JobRef, JobRun, JobSubmission, SubmittedJob } from './job.ts';
import type {
  EmbedRequest,
  EmbedResult,
  Model,
  ModelProvider,
  ModelRouter,
  NewProvider,
  NewRouter,
  ProviderChanges,
  ProviderQuery,
  RerankRequest,
  RerankResult,
  RouterChanges,
} from './models.ts';
import type {
  Conversation,
  Item,
  ItemList,
  ItemPage,
  NewItem,
  RespondCall,
  RespondPart,
  ResponseEvent,
  ResponseView,
} from './response.ts';
import type { SearchRequest, SearchResult } from './search.ts';
import type { ShortAnswer, ShortCall } from './short-call.ts';
import type { NewUpload, Upload, UploadCompletion, UploadPart } from './upload.ts';
import type {
  Delivery,
  DeliveryQuery,
  DeliveryRange,
  NewWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointChanges,
  WebhookKey,
  WebhookPage,
} from './webhook.ts';
import type { DeliveryRun } from './webhooks/delivery-run.ts';

export interface Verbs
  extends IdentityVerbs,
    InferenceVerbs,
    ModelAdminVerbs,
    StoredChatVerbs,
    UsageVerbs,
    ResponseVerbs,
    ConversationVerbs,
    DocumentVerbs,
    JobVerbs,
    BlobVerbs,
    FileVerbs,
    UploadVerbs,
    WebhookVerbs,
    BatchVerbs,
    JobSteps,
    DeliverySteps,
    IngestSteps,
    BatchSteps,
    ShortCallSteps {
  checkHealth: Verb<Record<string, never>, HealthReport>;
}

export interface IdentityVerbs {
  /** The principal a secret stands for. Throws `invalid_api_key`. */
  authenticate: Verb<{ secret: string }, Principal>;
  /** A new key for whoever knows the password; the previous sign-in's key is deleted. */
  signIn: Verb<{ email: string; password: string }, IssuedKey>;
  createUser: Verb<NewUser, { id: number }>;
  listUsers: Verb<UserQuery, { users: readonly User[]; total: number }>;
  /** For the caller themselves, or with `userId` for another user, which takes an administrator. */
  createKey: Verb<{ name: string; expiresAt: number | null; userId: number | null }, IssuedKey>;
  listKeys: Verb<OffsetPage<'id' | 'name' | 'created'>, { keys: readonly ApiKey[]; total: number }>;
  getKey: Verb<{ id: number }, ApiKey>;
  revokeKey: Verb<{ id: number }, void>;
  getAccount: Verb<Record<string, never>, { user: User | null; role: Pick<Role, 'permissions' | 'limits'> }>;
}

export interface InferenceVerbs {
  chat: StreamVerb<ChatCall, ChatPart>;
  embed: Verb<EmbedRequest, EmbedResult>;
  rerank: Verb<RerankRequest, RerankResult>;
  /** Those that the caller may use and that have a provider. */
  listModels: Verb<Record<string, never>, readonly Model[]>;
  /** By name or alias. Throws `model_not_found`, also for one that the caller may not use. */
  getModel: Verb<{ name: string }, Model>;
}

/** Models and what is behind them, for administrators. Throw `not_found` for an id of nothing. */
export interface ModelAdminVerbs {
  /** Throws `conflict` when the name or an alias is taken. */
  createRouter: Verb<NewRouter, ModelRouter>;
  listRouters: Verb<OffsetPage<'id' | 'name' | 'created'>, { routers: readonly ModelRouter[]; total: number }>;
  getRouter: Verb<{ id: number }, ModelRouter>;
  /** What came from the configuration is the administrator's from then on. */
  updateRouter: Verb<{ id: number; changes: RouterChanges }, ModelRouter>;
  /** With its providers. Throws `conflict` for one that the configuration names. */
  deleteRouter: Verb<{ id: number }, ModelRouter>;
  /** Asks the deployment about itself first: throws `model_unreachable` when it does not answer. */
  createProvider: Verb<NewProvider, ModelProvider>;
  listProviders: Verb<ProviderQuery, { providers: readonly ModelProvider[]; total: number }>;
  getProvider: Verb<{ id: number }, ModelProvider>;
  updateProvider: Verb<{ id: number; changes: ProviderChanges }, ModelProvider>;
  deleteProvider: Verb<{ id: number }, ModelProvider>;
  /** Brings what comes from the configuration up to date. Not `complete`: something was away, and it is worth another try. */
  refreshModels: Verb<Record<string, never>, { complete: boolean }>;
}

/** Conversations that were kept; each is its caller's alone. All throw `not_found`. */
export interface StoredChatVerbs {
  listStoredChats: Verb<StoredChatQuery, StoredChatList>;
  getStoredChat: Verb<{ id: string }, StoredChat>;
  relabelStoredChat: Verb<{ id: string; metadata: Record<string, string> }, StoredChat>;
  deleteStoredChat: Verb<{ id: string }, void>;
}

export interface UsageVerbs {
  /** The caller's own calls on models, the latest first: those that were answered, and those that consumed something. */
  listUsage: Verb<UsageQuery, { records: readonly NamedUsageRecord[]; total: number }>;
}

/** Answers that are kept. One that runs as a job is shown from that job until it has ended. */
export interface ResponseVerbs {
  /** Goes on from what is kept, and keeps what comes of it. */
  respond: StreamVerb<RespondCall, RespondPart>;
  /** How many tokens the call would send to the model, as far as can be told without it: an estimate. */
  countInputTokens: Verb<RespondCall, { tokens: number }>;
  getResponse: Verb<{ id: string }, ResponseView>;
  /** Events of a run in the background, from the first; live until the last one. */
  followResponse: StreamVerb<{ id: string }, ResponseEvent>;
  /** Of a run in the background only. One that has ended is answered unchanged. */
  cancelResponse: Verb<{ id: string }, ResponseView>;
  deleteResponse: Verb<{ id: string }, void>;
  listInputItems: Verb<{ id: string } & ItemPage, ItemList>;
}

/** Conversations of the caller's own. Somebody else's is as unknown as one that never was. */
export interface ConversationVerbs {
  createConversation: Verb<{ items: readonly NewItem[]; metadata: Record<string, string> }, Conversation>;
  getConversation: Verb<{ id: string }, Conversation>;
  updateConversation: Verb<{ id: string; metadata: Record<string, string> }, Conversation>;
  deleteConversation: Verb<{ id: string }, void>;
  addConversationItems: Verb<{ id: string; items: readonly NewItem[] }, readonly Item[]>;
  listConversationItems: Verb<{ id: string } & ItemPage, ItemList>;
  getConversationItem: Verb<{ id: string; itemId: string }, Item>;
  /** Answers the conversation. */
  deleteConversationItem: Verb<{ id: string; itemId: string }, Conversation>;
}

export interface DocumentVerbs {
  createCollection: Verb<{ name: string; description: string | null; visibility: Visibility }, { id: number }>;
  listCollections: Verb<CollectionQuery, { collections: readonly Collection[]; total: number }>;
  getCollection: Verb<{ id: number }, Collection>;
  updateCollection: Verb<{ id: number; changes: CollectionChanges }, void>;
  deleteCollection: Verb<{ id: number }, void>;

  /** Runs as a job of kind `ingest`; see `IngestSteps` for what happens to the file. */
  createDocument: Verb<NewDocument, { id: number }>;
  listDocuments: Verb<DocumentQuery, { documents: readonly StoredDocument[]; total: number }>;
  getDocument: Verb<{ id: number }, StoredDocument>;
  deleteDocument: Verb<{ id: number }, void>;
  /** The document's Markdown, piece by piece; chunk offsets count in it. */
  readMarkdown: StreamVerb<{ id: number }, string>;

  addChunks: Verb<{ documentId: number; chunks: readonly NewChunk[] }, { ids: readonly number[] }>;
  listChunks: Verb<{ documentId: number; offset: number; limit: number }, { chunks: readonly Chunk[]; total: number }>;
  getChunk: Verb<{ documentId: number; chunkId: number }, Chunk>;
  deleteChunk: Verb<{ documentId: number; chunkId: number }, void>;
  search: Verb<SearchRequest, SearchResult>;
}

export interface JobVerbs {
  /** Accepts a validated call as a job: durable when this returns. The same idempotency key gives the same job. */
  submitJob: Verb<JobSubmission, SubmittedJob>;
  getJob: Verb<{ id: string }, Job>;
  /** Anybody's job, without bodies of its request and result; for administrators. */
  inspectJob: Verb<{ id: string }, Job>;
  /** Answers on the first change after `afterSequence`, or with the unchanged job when the time is up. */
  waitForJob: Verb<{ id: string; afterSequence: number; until: 'change' | 'terminal'; timeoutMs: number }, Job>;
  /** Events after `afterSequence`, live until the terminal one. */
  followJob: StreamVerb<{ id: string; afterSequence: number }, JobEvent>;
  listJobs: Verb<JobPage, JobList>;
  /** Idempotent; a terminal job is answered unchanged. */
  cancelJob: Verb<{ id: string }, Job>;
  /** A new job with the same request; the old one must have ended. */
  retryJob: Verb<{ id: string }, Job>;
  deleteJob: Verb<{ id: string }, void>;
}

export interface BlobVerbs {
  storeBlob: Verb<BlobUpload, BlobRef>;
  /** Deletes an upload that was not taken; one that something refers to stays. */
  discardBlob: Verb<{ id: string }, void>;
  readBlob: StreamVerb<{ id: string; range: ByteRange | null }, Uint8Array>;
}

/** Files of the caller's own. Somebody else's is as unknown as one that never was: `not_found`. */
export interface FileVerbs {
  /** Takes the blob, which nobody else may refer to. Throws `body_too_large` beyond what one owner may keep. */
  createFile: Verb<NewFile, StoredFile>;
  listFiles: Verb<FileQuery, FileList>;
  getFile: Verb<{ id: string }, StoredFile>;
  deleteFile: Verb<{ id: string }, void>;
}

/** Files that come in parts. One that has expired or ended is refused with `invalid_request`. */
export interface UploadVerbs {
  createUpload: Verb<NewUpload, Upload>;
  /** Takes the blob, which nobody else may refer to. */
  addUploadPart: Verb<{ id: string; blob: BlobRef }, UploadPart>;
  /** Makes one file of the parts. Repeated, it answers the same file. */
  completeUpload: Verb<UploadCompletion, { upload: Upload; file: StoredFile }>;
  cancelUpload: Verb<{ id: string }, Upload>;
}

/** Receivers of a caller's own and what was sent to them. Throw `not_found`; secrets are shown when they are made. */
export interface WebhookVerbs {
  /** Throws `invalid_request` for an address that must not be called. */
  createWebhookEndpoint: Verb<NewWebhookEndpoint, { endpoint: WebhookEndpoint; secret: string }>;
  listWebhookEndpoints: Verb<WebhookPage, { endpoints: readonly WebhookEndpoint[]; hasMore: boolean }>;
  getWebhookEndpoint: Verb<{ id: string }, WebhookEndpoint>;
  updateWebhookEndpoint: Verb<{ id: string; changes: WebhookEndpointChanges }, WebhookEndpoint>;
  /** What is under way to it is given up. */
  deleteWebhookEndpoint: Verb<{ id: string }, void>;
  /** The old secret signs beside the new one for `overlapMs`. */
  rotateWebhookSecret: Verb<{ id: string; overlapMs: number }, { endpoint: WebhookEndpoint; secret: string }>;
  /** The account's default secret, which signs what goes to the URLs of jobs. */
  rotateAccountWebhookSecret: Verb<{ overlapMs: number }, { secret: string }>;
  testWebhookEndpoint: Verb<{ id: string }, Delivery>;
  /** Sends what it has not got since then, in order; `next` is where to go on when that was too much for one call. */
  recoverWebhookEndpoint: Verb<{ id: string; since: number }, { sent: number; next: number | null }>;
  listWebhookDeliveries: Verb<DeliveryQuery, { deliveries: readonly Delivery[]; hasMore: boolean }>;
  getWebhookDelivery: Verb<{ id: string }, Delivery>;
  /** Sends it anew, also when it has arrived; at once when it was planned for later. */
  retryWebhookDelivery: Verb<{ id: string }, Delivery>;
  /** Sends anew what was given up, unless its endpoint is disabled or gone; `more` when that was too much for a call. */
  retryWebhookDeliveries: Verb<DeliveryRange, { sent: number; more: boolean }>;
  listWebhookKeys: Verb<Record<string, never>, readonly WebhookKey[]>;
}

/** Jobs of many lines. A batch is its job: what is answered is that job. All throw `not_found`. */
export interface BatchVerbs {
  /** Runs as a job of kind `batch` alone; see `BatchSteps`. */
  createBatch: Verb<NewBatch, Job>;
  /** Runs as a job of kind `embed_batch` alone. */
  embedBatch: Verb<NewEmbedBatch, Job>;
  getBatch: Verb<{ id: string }, Job>;
  /** The latest first. `after` is the id of a job. */
  listBatches: Verb<{ after: string | null; limit: number }, JobList>;
  /** Idempotent; one that has ended is answered unchanged. */
  cancelBatch: Verb<{ id: string }, Job>;
}

/** What every job's workflow does. Inputs are references; documents never pass through a workflow. */
export interface JobSteps {
  /** Runs the job's call from start to stored result. */
  runCall: Verb<JobRef, void>;
  /** Takes the job over. Null when it has already ended and there is nothing to do. */
  beginJob: Verb<JobRef, JobRun | null>;
  /** The last word on a job that did not complete; frees what it held. */
  endJob: Verb<JobRef & JobEnding, void>;
  /** Starts what was accepted and never started. Answers how many. */
  dispatchJobs: Verb<{ olderThanMs: number }, { started: number }>;
  /** One page of repairs; call again with `cursor` until it is null. */
  reconcileJobs: Verb<{ cursor: string | null }, { cursor: string | null; repaired: number }>;
  /** Deletes a part of what is past its retention; `more` while there is some left. */
  purgeExpired: Verb<Record<string, never>, { jobs: number; blobs: number; more: boolean }>;
}

/** How what is owed to a receiver gets there. */
export interface DeliverySteps {
  /** Tries once, unless there is a reason not to. Answers when to come again; null when nothing is left to be done. */
  attemptDelivery: Verb<DeliveryRun, { afterMs: number | null }>;
  /** Starts what is owed and was never started. Answers how many. */
  dispatchDeliveries: Verb<{ olderThanMs: number }, { started: number }>;
  /** One page of repairs; call again with `cursor` until it is null. */
  reconcileDeliveries: Verb<{ cursor: string | null }, { cursor: string | null; repaired: number }>;
}

/** Ingestion from file to searchable chunks. Every step may be repeated without doubling anything. */
export interface IngestSteps {
  inspectDocument: Verb<JobRun, { parts: number; partsPerStep: number }>;
  extractParts: Verb<JobRun & { range: PartRange }, void>;
  splitDocument: Verb<JobRun, { batches: number; batchesPerStep: number }>;
  /** Embeds and indexes batches `from` to `to`, both included, counted from 0. */
  indexBatches: Verb<JobRun & { from: number; to: number }, void>;
  /** Makes the chunks findable at once and completes the job. */
  publishDocument: Verb<JobRun, void>;
}

/** A file of lines, from its check to the files of its results. Every step may be repeated without doubling anything. */
export interface BatchSteps {
  /** Reads all lines once and cuts them into shards. Throws `invalid_request` for a file that cannot be run. */
  inspectBatch: Verb<JobRun, { shards: number }>;
  /**
   * Runs the lines of a shard that have no outcome yet. Where some were turned away: when to run it again. `isAgain` is
   * said of that: nothing is waited for then but what makes room soon.
   */
  runShard: Verb<JobRun & { shard: number; isAgain?: boolean }, { againAfterMs: number | null }>;
  /** Writes the files and completes the job. */
  finishBatch: Verb<JobRun, void>;
  /** Writes the files with what there is, and ends the job. */
  closeBatch: Verb<JobRef & JobEnding, void>;
}

/** Short calls that run in a worker while their caller waits. */
export interface ShortCallSteps {
  /** Fails only when the worker does; what goes wrong with the call is its answer. */
  runShortCall: Verb<ShortCall, ShortAnswer>;
}
