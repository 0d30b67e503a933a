/**
 * Batches: many calls by one file of lines, as one job. What is known of a batch is part of its job; its lines and what
 * became of them are rows of their own while it runs, and two files when it has ended.
 */
import type { BlobRef } from './blob.ts';
import { type Usage, usageOf } from './usage.ts';

/** What a job keeps of its batch. */
export interface BatchState {
  inputFileId: string;
  /** Held for the job, whatever becomes of the file. */
  input: BlobRef;
  /** Path that every line calls, e.g. `/v1/chat/completions`. */
  target: string;
  completionWindow: string;
  /** Lines of one call. Set when the batch is accepted: what was kept of a call is found again by where it was cut. */
  linesPerCall: number;
  /** The model of all lines; null while it is unknown, and where they name several. */
  model: string | null;
  counts: BatchCounts;
  usage: Usage;
  /** Why the file was refused, by line. */
  faults: readonly BatchFault[];
  /** Ids that the files will have if there is something in them. */
  reserved: BatchFiles<string>;
  outputFileId: string | null;
  errorFileId: string | null;
  /** After creation of the files; null for never. */
  filesExpireAfterMs: number | null;
  /** Milliseconds since the epoch: all lines are known from here on. */
  validatedAt: number | null;
  /** No line is called any more. */
  finalizingAt: number | null;
}

interface BatchFiles<T> {
  output: T;
  error: T;
}

export interface BatchCounts {
  total: number;
  completed: number;
  failed: number;
}

/** What is wrong with a line of the input. */
export interface BatchFault {
  /** A word for programs, e.g. `duplicate_custom_id`. */
  code: string;
  /** From 1; null for a fault of the whole file. */
  line: number | null;
  message: string;
  param: string | null;
}

/** What a caller wants of a batch. */
export interface NewBatch {
  inputFileId: string;
  target: string;
  completionWindow: string;
  metadata: Record<string, string>;
  filesExpireAfterMs: number | null;
}

/** What a caller wants of a file of texts. */
export interface NewEmbedBatch {
  inputFileId: string;
  /** Null where it is that of the collection. */
  model: string | null;
  /** Null for the model's own. */
  dimensions: number | null;
  encoding: 'float' | 'base64';
  /** Becomes a document of this collection, a chunk for each text, in place of a file; null for a file. */
  collectionId: number | null;
  metadata: Record<string, string>;
  filesExpireAfterMs: number | null;
}

/** Lines that one step sees to: bytes of the input, and the number of the first line in them. */
export interface LineRange {
  shard: number;
  /** Offset of the first byte, and of the first byte behind the last. */
  from: number;
  to: number;
  firstLine: number;
  /** Without empty ones. */
  lines: number;
}

/** Faults beyond this many are not listed. */
export const maxBatchFaults = 100;

/** Texts that all lines of a batch of embeddings may have together, as OpenAI has it. */
export const maxBatchInputs = 50_000;

export const maxCustomIdLength = 512;

export const batchIdPattern = /^batch_[0-9a-hjkmnp-tv-z]{28}$/;

export function batchIdOf(jobId: string): string {
  return `batch_${jobId.slice('job_'.length)}`;
}

export function jobIdOfBatch(batchId: string): string {
  return `job_${batchId.slice('batch_'.length)}`;
}

/** What the ids of all lines begin with, and those of nothing else. */
export const lineRequestPrefix = 'batch_req_';

/** The id that a line's call goes by, the same however often it is made. */
export function lineRequestId(jobId: string, line: number): string {
  return `${lineRequestPrefix}${jobId.slice('job_'.length)}_${line}`;
}

const lineRequestIdPattern = /^batch_req_([0-9a-hjkmnp-tv-z]{28})_\d+$/;

/** Null for what is no call of a line. */
export function jobIdOfLine(requestId: string): string | null {
  const [, body] = lineRequestIdPattern.exec(requestId) ?? [];
  return body === undefined ? null : `job_${body}`;
}

export function emptyBatch(
  facts: Pick<BatchState, (keyof NewBatch & keyof BatchState) | 'input' | 'linesPerCall' | 'reserved'>,
): BatchState {
  return {
    ...facts,
    model: null,
    counts: { total: 0, completed: 0, failed: 0 },
    usage: usageOf({}),
    faults: [],
    outputFileId: null,
    errorFileId: null,
    validatedAt: null,
    finalizingAt: null,
  };
}
