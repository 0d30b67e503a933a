/** The job: its states, the only legal moves between them, and what is written down about it. */

import type { BatchState } from './batch.ts';
import type { BlobRef } from './blob.ts';
import type { Progress } from './call.ts';
import type { StoredError } from './errors.ts';
import type { JobWebhook, JobWebhookState } from './webhook.ts';

export const jobStatuses = [
  'queued',
  'in_progress',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
  'expired',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const terminalStatuses = ['completed', 'failed', 'cancelled', 'expired'] as const satisfies readonly JobStatus[];
export type TerminalStatus = (typeof terminalStatuses)[number];

/** status -> the statuses it may become. Everything not listed is refused, so a terminal job never changes again. */
const transitions = {
  queued: ['in_progress', 'cancelled', 'expired', 'failed'],
  in_progress: ['in_progress', 'cancelling', 'completed', 'failed', 'expired'],
  cancelling: ['cancelled', 'completed', 'failed', 'expired'],
  completed: [],
  failed: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<JobStatus, readonly JobStatus[]>;

export function mayBecome(from: JobStatus, to: JobStatus): boolean {
  return (transitions[from] as readonly JobStatus[]).includes(to);
}

/** The statuses from which `to` may be entered: the condition of the one update that makes the move. */
export function sourcesOf(to: JobStatus): JobStatus[] {
  return jobStatuses.filter((from) => mayBecome(from, to));
}

export function isTerminal(status: JobStatus): status is TerminalStatus {
  return (terminalStatuses as readonly JobStatus[]).includes(status);
}

/** Which workflow drives the job. */
export type JobKind = 'call' | 'ingest' | 'batch' | 'embed_batch';

/** Jobs that are made of lines of a file. What became of those is written down before such a job ends. */
export const kindsOfLines: readonly JobKind[] = ['batch', 'embed_batch'];

/** The request as it was accepted; what a worker runs again is exactly this. */
export interface StoredRequest {
  /** `METHOD /path/template` of the declaration, e.g. `POST /v1/embeddings`. */
  operation: string;
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  /** The parsed body, or null when it is stored as a blob or there is none. */
  body: unknown;
  /** Set for bodies above 16 KiB: JSON text. */
  bodyBlob: BlobRef | null;
  /** Uploaded files by form field. */
  files: Record<string, BlobRef>;
}

/** What the synchronous call would have answered. */
export interface JobResult {
  statusCode: number;
  headers: Record<string, string>;
  /** Inline up to 256 KiB; null when there is no body or it is in `bodyBlob`. */
  body: unknown;
  bodyBlob: BlobRef | null;
}

export interface Job {
  id: string;
  ownerId: number;
  kind: JobKind;
  request: StoredRequest;
  /** The concrete path of the call, e.g. `/v1/embeddings`, without a slash at its end. */
  endpoint: string;
  model: string | null;
  status: JobStatus;
  /** Raised whenever a worker takes the job over; a write that names an older run is discarded. */
  run: number;
  /** When the try was scheduled that took the job over last; one that was scheduled earlier has been given up. */
  lastTryAt: number | null;
  attempts: number;
  maxAttempts: number;
  lastError: StoredError | null;
  error: StoredError | null;
  result: JobResult | null;
  /** The result was deleted because `expiresAt` has passed. */
  resultDeleted: boolean;
  progress: (Progress & { updatedAt: number }) | null;
  metadata: Record<string, string>;
  idempotencyKey: string | null;
  requestId: string;
  /** The key it was submitted with: what it consumes is recorded under it. */
  keyId: number | null;
  retriedFrom: string | null;
  /** Whom to tell beside the account's endpoints. */
  webhook: JobWebhookState | null;
  /** The sequence number of the latest event; events are gapless from 1. */
  lastSequence: number;
  /** Facts the kind needs while it runs, e.g. the document that an ingestion fills. */
  subject: JobSubject | null;
  /** Of a job of many lines: which, and how far they are. */
  batch: BatchState | null;
  createdAt: number;
  startedAt: number | null;
  cancelRequestedAt: number | null;
  completedAt: number | null;
  /** When the work must be done; null for no limit. */
  deadlineAt: number | null;
  /** When the result is deleted; null until the job is terminal. */
  expiresAt: number | null;
  updatedAt: number;
}

/** What is known of a job from the request's verb, as it is accepted. What the caller says of the job goes before it. */
export type JobFacts = Partial<Pick<Job, 'subject' | 'batch' | 'metadata' | 'deadlineAt'>>;

export interface JobSubject {
  documentId: number;
  collectionId: number;
}

type JobEventType =
  | 'job.queued'
  | 'job.started'
  | 'job.progress'
  | 'job.output'
  | 'job.attempt_failed'
  | 'job.cancelling'
  | `job.${TerminalStatus}`;

/** One line of a job's append-only log. `(jobId, sequence)` is unique. */
export interface JobEvent {
  jobId: string;
  sequence: number;
  type: JobEventType;
  createdAt: number;
  /** `job.output`: `{ delta: string }` and what locates it, or `deletedOutput`; `job.progress`: a Progress; else empty. */
  data: Record<string, unknown>;
}

/** What is left of a line of output once the job's result is deleted: its place in the log. */
export const deletedOutput = { delta: '', deleted: true } as const;

/** An event before it has a place in the log. */
export type NewJobEvent = Pick<JobEvent, 'type' | 'data'>;

/** The limits of a caller's own labels: those of OpenAI's `metadata`. */
export const metadataLimits = { maxPairs: 16, maxKeyLength: 64, maxValueLength: 512 } as const;

interface JobFilter {
  kind: JobKind | null;
  statuses: readonly JobStatus[];
  endpoint: string | null;
  model: string | null;
  createdAfter: number | null;
  createdBefore: number | null;
  metadata: Record<string, string>;
  idempotencyKey: string | null;
}

/** A page of jobs. `after` and `before` are job ids; ids sort by time of creation. */
export interface JobPage {
  filter: JobFilter;
  limit: number;
  order: 'asc' | 'desc';
  after: string | null;
  before: string | null;
}

export interface JobList {
  jobs: readonly Job[];
  hasMore: boolean;
}

export interface JobRef {
  jobId: string;
  ownerId: number;
}

/** A job in the hands of one worker; writes of an older run are discarded. */
export interface JobRun extends JobRef {
  run: number;
}

/** How a job ends that did not complete. */
export interface JobEnding {
  outcome: Exclude<TerminalStatus, 'completed'>;
  error: StoredError | null;
}

/** What a submission has come to. */
export interface SubmittedJob {
  job: Job;
  /** An earlier submission with the same idempotency key had made the job. */
  isReplayed: boolean;
}

export interface JobSubmission {
  kind: JobKind;
  request: StoredRequest;
  /** The validated core input of the verb, for checks before acceptance. */
  input: unknown;
  endpoint: string;
  model: string | null;
  metadata: Record<string, string>;
  idempotencyKey: string | null;
  /** Milliseconds since the epoch. */
  deadlineAt: number | null;
  webhook: JobWebhook | null;
  /** The ended job whose request this is once more. */
  retriedFrom: Job | null;
}
