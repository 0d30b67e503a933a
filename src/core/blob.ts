/** A stored file. Everything that is too large for a document or a workflow is passed around as one of these. */
export interface BlobRef {
  id: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  mediaType: string;
  /** The file name its uploader gave it, if any. */
  name: string | null;
}

export interface BlobUpload {
  content: AsyncIterable<Uint8Array>;
  mediaType: string;
  name: string | null;
  /** Exceeding it aborts the upload with `body_too_large` and leaves nothing behind. */
  maxBytes: number;
}

/** Bytes `from` to `to`, both included. */
export interface ByteRange {
  from: number;
  to: number;
}

/** A reference to one or more blobs of an owner. */
export interface BlobHold {
  ownerId: number;
  reference: string;
}

/**
 * Where blobs live. A blob is kept while somebody refers to it: `attach` adds a reference such as `job:job_…`,
 * `release` and `detach` drop one and delete the blob with the last. What was never attached is swept after an hour.
 */
export interface BlobStore {
  put(ownerId: number, upload: BlobUpload, signal: AbortSignal): Promise<BlobRef>;
  /** Null when there is no such blob of this owner. */
  find(ownerId: number, id: string): Promise<BlobRef | null>;
  /** Throws `not_found` when there is no such blob of this owner. */
  read(ownerId: number, id: string, range?: ByteRange | null): AsyncIterable<Uint8Array>;
  /** Deletes a blob that nobody refers to; leaves any other alone. */
  discard(ownerId: number, id: string): Promise<void>;
  /** Throws `not_found` when there is no such blob of this owner (any more). Idempotent. */
  attach(ownerId: number, id: string, reference: string): Promise<void>;
  /** Drops `reference` from this one blob. Idempotent. */
  detach(ownerId: number, id: string, reference: string): Promise<void>;
  /** Drops `reference` from every blob that has it. Idempotent. */
  release(ownerId: number, reference: string): Promise<void>;
  /**
   * What refers to blobs by a name that begins with `prefix`. One call looks at a part of the store only; the next goes
   * on behind it, and round again.
   */
  references(prefix: string): Promise<readonly BlobHold[]>;
  /**
   * Deletes what nobody refers to, and what was left of uploads that were cut off, if it is older than `olderThan`
   * (milliseconds since the epoch). Answers how many. One call may look at a part of the store only; the next goes on.
   */
  sweep(olderThan: number): Promise<number>;
}
