/** Words as in the specification: a router is a model name that callers use, a provider is one deployment behind it. */

export type ModelType =
  | 'text-generation'
  | 'image-text-to-text'
  | 'text-embeddings-inference'
  | 'text-classification'
  | 'automatic-speech-recognition'
  | 'image-to-text'
  | 'text-to-speech'
  | 'image-generation';

export interface ModelRouter {
  id: number;
  name: string;
  aliases: readonly string[];
  type: ModelType;
  /** Length of the vectors, for an embedding model. */
  vectorSize: number | null;
  maxContextLength: number | null;
  providers: readonly ModelProvider[];
}

export interface ModelProvider {
  id: number;
  /** A key of the vendor registry. */
  vendor: string;
  /** The model's name at the vendor. */
  modelName: string;
}

/** What a call consumed. Totals are inclusive: cached tokens are part of the prompt tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Counted by us because the vendor gave no number. */
  estimated: boolean;
}

export interface EmbedRequest {
  model: string;
  /** 1 to 2,048 texts, none empty. */
  texts: readonly string[];
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
}
