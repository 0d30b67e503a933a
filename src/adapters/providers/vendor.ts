import type { ChatPart } from '../../core/chat/parts.ts';
import type { ChatRequest, WireDialect } from '../../core/chat.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { ListedModel } from '../../core/models/managed-routers.ts';
import type { NamedBy } from '../../core/models/provider-address.ts';
import type { ModelType, Ranked } from '../../core/models.ts';
import type { Usage } from '../../core/usage.ts';

/** One deployment of one model, as a vendor needs to know it. */
export interface Target {
  /** The model's name at the vendor. */
  modelName: string;
  /** Without `/v1`, with a slash at its end; null for a vendor that runs here. */
  url: string | null;
  namedBy: NamedBy;
  key: string | null;
}

/** What every call on a model brings along. */
export interface VendorCall {
  target: Target;
  /** Ends the work at the vendor too: its socket is closed at once. */
  signal: AbortSignal;
  /** How long it may be silent, before it begins and between two pieces; the product's own bounds unless given. */
  timeoutMs?: number;
  /** Gets the upstream's own id of the request, as soon as it is known. */
  onUpstreamId?(id: string): void;
}

export interface GenerateCall extends VendorCall {
  request: ChatRequest;
  /** What this vendor does not do and does without, as paths of OpenAI's wire, e.g. `seed`. */
  onIgnored?(path: string): void;
}

export interface RelayCall extends VendorCall {
  dialect: WireDialect;
  /** Whether the answer is asked for as a stream; one in another form is `upstream_error`. */
  stream: boolean;
  /** JSON text in the vendor's dialect that names the vendor's model. */
  bytes: Uint8Array;
}

/** The head of an answer that is passed on as it comes. */
export interface Relayed {
  /**
   * Throws `GatewayError` when the connection breaks or stalls. Whether a stream that ends is complete is for whoever
   * reads its frames to say.
   */
  body: AsyncIterable<Uint8Array>;
  /** Nothing more of the body is expected. */
  release(): void;
  /**
   * The failure that a whole answer, or one frame of a stream, tells in place of an answer; null of any other. The text
   * has one character per byte.
   */
  failureIn(text: string): GatewayError | null;
}

/** A deployment has no such operation, and will have another: the same request, translated, is answered there. */
export interface ServedElsewhere {
  /** Asks there and nowhere else. Fails with what counts of the two failures. */
  generate(call: GenerateCall): AsyncIterable<ChatPart>;
}

export interface EmbedCall extends VendorCall {
  /** None empty. */
  texts: readonly string[];
  /** In place of texts, which are none then; only for the `tokenVendors`. */
  tokens?: readonly (readonly number[])[];
  /** Null for the model's own; never more than those. */
  dimensions: number | null;
}

export interface Embeddings {
  /** One vector per text, in order, of unit length. */
  vectors: readonly Float32Array[];
  usage: Usage;
}

export interface RerankCall extends VendorCall {
  query: string;
  documents: readonly string[];
  topN: number | null;
}

export interface Ranking {
  /** By falling score, at most `topN`. */
  ranking: readonly Ranked[];
  usage: Usage;
}

/** What a deployment says of itself; null for what it does not. */
export interface Capabilities {
  maxContextLength: number | null;
  vectorSize: number | null;
}

/**
 * Somebody who runs models. One method per capability; a vendor has those it can do. Where the vendor tells no usage, it
 * is all zero and `estimated`: whoever asked counts. They throw `GatewayError` only:
 * `upstream_error`, `upstream_timeout`, `upstream_auth_error`, `rate_limit_exceeded` and `overloaded` for the vendor's own
 * troubles, which another provider may not have; `upstream_rejected`, `context_length_exceeded` and `unsupported_value`
 * (with `param`) for a request that it cannot take; `unavailable`, which steps wait for as long as it takes, is for our
 * own engines.
 */
export interface Vendor {
  /** One answer (`choices` is 1). Fails before its first part while nothing has been generated yet. */
  generate?(call: GenerateCall): AsyncIterable<ChatPart>;
  /** Resolves with the head of a 2xx answer, or when the request is to be translated. Only for dialects in `relays`. */
  relay?(call: RelayCall): Promise<Relayed | ServedElsewhere>;
  /** The dialects whose requests it takes as they are. */
  relays?: readonly WireDialect[];
  /** Whether one deployment takes requests of a dialect in `relays`; all do unless it is there. */
  takes?(dialect: WireDialect, target: Target): boolean;
  embed?(call: EmbedCall): Promise<Embeddings>;
  rerank?(call: RerankCall): Promise<Ranking>;
  /** Asks the deployment about itself, and so whether it answers. */
  discover?(call: VendorCall & { type: ModelType }): Promise<Capabilities>;
  /** The models it has, of those types that we know. `target.modelName` is empty. */
  list?(call: VendorCall): Promise<readonly ListedModel[]>;
  /** Ends what runs; calls under way fail. */
  close(): Promise<void>;
}
