import type { OffsetPage } from './identity.ts';
import type { NamedBy } from './models/provider-address.ts';
import type { Bill, Usage } from './usage.ts';

/** Words as in the specification: a router is a model name that callers use, a provider is one deployment behind it. */

export const modelTypes = [
  'text-generation',
  'image-text-to-text',
  'text-embeddings-inference',
  'text-classification',
  'automatic-speech-recognition',
  'image-to-text',
  'text-to-speech',
  'image-generation',
] as const;
export type ModelType = (typeof modelTypes)[number];

/** Who runs the models of a provider: the keys of the vendor registry. */
export const vendorNames = [
  'albert',
  'anthropic',
  'azure',
  'gemini',
  'local',
  'mistral',
  'ollama',
  'openai',
  'tei',
  'vllm',
] as const;
export type VendorName = (typeof vendorNames)[number];

export const loadBalancingStrategies = ['shuffle', 'least_busy'] as const;
export type LoadBalancingStrategy = (typeof loadBalancingStrategies)[number];

/** What a limit can bound: the calls under way. */
export const qosMetrics = ['inflight'] as const;
type QosMetric = (typeof qosMetrics)[number];

export interface ModelRouter {
  id: number;
  /** Who made it; null for the master key and the configuration. */
  ownerId: number | null;
  /**
   * What in the configuration it comes from, e.g. `switchyard.yaml` or `OPENAI_API_KEY`, and is kept equal to. Null for
   * what an administrator made or changed.
   */
  managedBy: string | null;
  name: string;
  aliases: readonly string[];
  type: ModelType;
  strategy: LoadBalancingStrategy;
  /** Price of a million tokens, in millionths of the currency. */
  promptPriceMicros: number;
  completionPriceMicros: number;
  /** Length of the vectors, for an embedding model. */
  vectorSize: number | null;
  maxContextLength: number | null;
  /** In order of their making. */
  providers: readonly ModelProvider[];
  createdAt: number;
  updatedAt: number;
}

/** What a provider is of which nobody says more. */
export const plainProvider = {
  timeoutMs: 300_000,
  hostingZone: 'WOR',
  totalParams: 0,
  activeParams: 0,
  qosMetric: null,
  qosLimit: null,
} as const satisfies Partial<ModelProvider>;

export interface ModelProvider {
  id: number;
  routerId: number;
  ownerId: number | null;
  vendor: VendorName;
  /** The address without `/v1`, with a slash at its end. Null for a vendor that runs here. */
  url: string | null;
  namedBy: NamedBy;
  /** The vendor's key, sealed; only the `secrets` adapter opens it. */
  sealedKey: string | null;
  /** The model's name at the vendor. */
  modelName: string;
  /** Bound on a silence: until an answer begins, and between two pieces of it. */
  timeoutMs: number;
  /** ISO 3166 alpha-3, or `WOR`: whose electricity it runs on. */
  hostingZone: string;
  /** Billions; 0 when not known. */
  totalParams: number;
  activeParams: number;
  qosMetric: QosMetric | null;
  /** Null for no bound, 0 for closed. */
  qosLimit: number | null;
  vectorSize: number | null;
  maxContextLength: number | null;
  createdAt: number;
  updatedAt: number;
}

/** A router as its callers see it. */
export interface Model extends Omit<ModelRouter, 'providers' | 'ownerId' | 'managedBy' | 'strategy' | 'updatedAt'> {
  /** Name of whoever offers it. */
  ownedBy: string;
}

export type NewRouter = Pick<
  ModelRouter,
  'name' | 'type' | 'aliases' | 'strategy' | 'promptPriceMicros' | 'completionPriceMicros'
>;

/** What is not named stays as it is. */
export type RouterChanges = Partial<NewRouter>;

/** What a provider is told when it is made and may be told anew. */
type ProviderSettings = Pick<
  ModelProvider,
  'timeoutMs' | 'hostingZone' | 'totalParams' | 'activeParams' | 'qosMetric' | 'qosLimit'
>;

export interface NewProvider extends ProviderSettings {
  routerId: number;
  vendor: VendorName;
  /** Null for the vendor's own. */
  url: string | null;
  /** In clear; it is sealed before it is stored. */
  key: string | null;
  modelName: string;
}

/** What is not named stays as it is. */
export type ProviderChanges = Partial<ProviderSettings & Pick<NewProvider, 'routerId' | 'key'>>;

export interface EmbedRequest {
  model: string;
  /** 1 to 2,048 texts, none empty; none at all where there are tokens. */
  texts: readonly string[];
  /** In their place: texts in tokens of the model's own encoding, 1 to 2,048 and none empty. */
  tokens?: readonly (readonly number[])[];
  /** Shorten the vectors to this length; null for the model's own. */
  dimensions: number | null;
}

export interface EmbedResult {
  /** Of the request that asked for it. */
  id: string;
  /** The name the caller used. */
  model: string;
  /** One vector per text, in order, of unit length. */
  vectors: readonly Float32Array[];
  usage: Usage;
  bill: Bill;
}

export interface RerankRequest {
  model: string;
  query: string;
  /** At most 2,048 texts; none are ranked without asking a model. */
  documents: readonly string[];
  /** Answer only that many; null for all. */
  topN: number | null;
}

export interface RerankResult {
  id: string;
  /** The name the caller used. */
  model: string;
  /** By falling score; equal scores in the order of the documents. */
  ranking: readonly Ranked[];
  usage: Usage;
  bill: Bill;
}

export interface Ranked {
  /** Which document, from 0. */
  index: number;
  score: number;
}

export interface ProviderQuery extends OffsetPage<'id' | 'modelName' | 'created'> {
  routerId: number | null;
}
