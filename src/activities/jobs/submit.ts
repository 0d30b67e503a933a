import { createHash } from 'node:crypto';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import type { BlobRef, BlobStore } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { assertThat } from '../../core/errors.ts';
import type { Job, JobSubject, StoredRequest } from '../../core/job.ts';
import type { JobSubmission, Verbs } from '../../core/verbs.ts';
import type { Admissions } from '../admissions.ts';
import type { Dispatcher } from './dispatcher.ts';
import { holdBlobs } from './held-blobs.ts';

export interface SubmitDependencies {
  config: Pick<Config, 'jobs'>;
  clock: { now(): number };
  jobs: JobRepository;
  blobs: BlobStore;
  newJobId(now: number): string;
  admissions: Admissions;
  dispatcher: Dispatcher;
}

/** Accepts a call as a job. The insert of the job is the moment of acceptance; all that follows can be repeated. */
export function createSubmitJob(deps: SubmitDependencies): Verbs['submitJob'] {
  return async (submission, call) => {
    const ownerId = ownerOf(call.principal, 'jobs');
    const fingerprint = submission.idempotencyKey === null ? null : fingerprintOf(submission);
    const earlier = submission.idempotencyKey && (await deps.jobs.findByKey(ownerId, submission.idempotencyKey));
    if (earlier) return repeated(deps, submission, earlier, fingerprint);

    const subject = await admit(deps, ownerId, submission, call);
    const request = await storeLargeBody(deps, ownerId, submission.request, call.signal);
    const draft = draftOf(deps, ownerId, { ...submission, request }, subject, call);
    const accepted = await deps.jobs.accept(draft, fingerprint);
    if (!accepted.isNew) {
      await discardBody(deps, ownerId, request);
      return repeated(deps, submission, accepted, fingerprint);
    }
    await holdBlobs(deps.blobs, accepted.job);
    await deps.admissions.accepted(accepted.job, submission.input);
    deps.dispatcher.soon(accepted.job);
    return accepted.job;
  };
}

/** What is refused leaves no upload behind. */
async function admit(
  deps: SubmitDependencies,
  ownerId: number,
  { request, input, retriedFrom }: JobSubmission,
  call: Call,
): Promise<JobSubject | null> {
  try {
    return await deps.admissions.admit(request.operation, input, call, retriedFrom?.subject ?? null);
  } catch (error) {
    await discardUploads(deps.blobs, ownerId, request);
    throw error;
  }
}

async function discardUploads(blobs: BlobStore, ownerId: number, request: StoredRequest): Promise<void> {
  await Promise.all(Object.values(request.files).map((blob) => blobs.discard(ownerId, blob.id)));
}

/** The same key again: the same job for the same call, a refusal for any other. The new upload is not needed. */
async function repeated(
  deps: SubmitDependencies,
  submission: JobSubmission,
  earlier: { job: Job; fingerprint: string | null },
  fingerprint: string | null,
): Promise<Job> {
  await discardUploads(deps.blobs, earlier.job.ownerId, submission.request);
  assertThat(
    earlier.fingerprint === fingerprint,
    'idempotency_key_reused',
    `Idempotency key '${submission.idempotencyKey}' was used before with a different request (job ${earlier.job.id}). Use a new key for a new request.`,
  );
  return earlier.job;
}

function fingerprintOf({ request }: JobSubmission): string {
  const files = Object.entries(request.files).map(([field, blob]) => [field, blob.sha256, blob.name]);
  const text = canonicalJson([request.operation, request.params, request.query, request.body, files]);
  return createHash('sha256').update(text).digest('hex');
}

async function storeLargeBody(
  deps: SubmitDependencies,
  ownerId: number,
  request: StoredRequest,
  signal: AbortSignal,
): Promise<StoredRequest> {
  const text = Buffer.from(JSON.stringify(request.body ?? null));
  if (text.byteLength <= deps.config.jobs.inlineBodyBytes) return request;
  const bodyBlob = await storeJson(deps.blobs, ownerId, text, signal);
  return { ...request, body: null, bodyBlob };
}

export function storeJson(blobs: BlobStore, ownerId: number, text: Buffer, signal: AbortSignal): Promise<BlobRef> {
  const upload = {
    content: (async function* () {
      yield text;
    })(),
    mediaType: 'application/json',
    name: null,
    maxBytes: text.byteLength,
  };
  return blobs.put(ownerId, upload, signal);
}

async function discardBody(deps: SubmitDependencies, ownerId: number, request: StoredRequest): Promise<void> {
  if (request.bodyBlob) await deps.blobs.discard(ownerId, request.bodyBlob.id);
}

function draftOf(
  deps: SubmitDependencies,
  ownerId: number,
  submission: JobSubmission,
  subject: JobSubject | null,
  call: Call,
): Job {
  const now = deps.clock.now();
  return {
    id: deps.newJobId(now),
    ownerId,
    kind: submission.kind,
    request: submission.request,
    endpoint: submission.endpoint,
    model: submission.model,
    status: 'queued',
    run: 0,
    attempts: 0,
    maxAttempts: deps.config.jobs.maxAttempts,
    lastError: null,
    error: null,
    result: null,
    resultDeleted: false,
    progress: null,
    metadata: submission.metadata,
    idempotencyKey: submission.idempotencyKey,
    requestId: call.requestId,
    retriedFrom: submission.retriedFrom?.id ?? null,
    lastSequence: 1,
    subject,
    createdAt: now,
    startedAt: null,
    cancelRequestedAt: null,
    completedAt: null,
    deadlineAt: submission.deadlineAt,
    expiresAt: null,
    updatedAt: now,
  };
}
