import type { Usage } from '../../core/models.ts';

/** What every call on a model brings along. */
interface VendorCall {
  /** The model's name at the vendor. */
  modelName: string;
  /** Ends the work at the vendor too. */
  signal: AbortSignal;
}

export interface EmbedCall extends VendorCall {
  /** None empty. */
  texts: readonly string[];
  /** Null for the model's own; never more than those. */
  dimensions: number | null;
}

export interface Embeddings {
  /** One vector per text, in order, of unit length. */
  vectors: readonly Float32Array[];
  usage: Usage;
}

/**
 * Somebody who runs models. One method per capability; a vendor has those it can do. They throw `GatewayError` only:
 * `upstream_*` and `overloaded` for the vendor's own troubles, `invalid_request` for what it cannot take; `unavailable`,
 * which steps wait for as long as it takes, is for our own engines.
 */
export interface Vendor {
  embed?(call: EmbedCall): Promise<Embeddings>;
  /** Ends what runs; calls under way fail. */
  close(): Promise<void>;
}
