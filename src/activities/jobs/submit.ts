import { createHash } from 'node:crypto';
import type { Outbound } from '../../adapters/http/outbound.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { assertThat } from '../../core/errors.ts';
import type { Job, JobFacts, JobSubmission, StoredRequest, SubmittedJob } from '../../core/job.ts';
import { canonicalJson } from '../../core/json/canonical.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { Admissions } from '../admissions.ts';
import { checkReceiver } from '../webhooks/address.ts';
import type { Dispatcher } from './dispatcher.ts';
import { finishAcceptance } from './finish-acceptance.ts';
import { holdBlobs, holdBlobsOf } from './held-blobs.ts';
import { storeJson } from './store-json.ts';

export interface SubmitDependencies {
  config: Pick<Config, 'jobs' | 'webhooks'>;
  clock: { now(): number };
  jobs: JobRepository;
  blobs: BlobStore;
  newJobId(now: number): string;
  admissions: Admissions;
  dispatcher: Dispatcher;
  outbound: Pick<Outbound, 'check'>;
}

/** Accepts a call as a job. The insert of the job is the moment of acceptance; all that follows can be repeated. */
export function createSubmitJob(deps: SubmitDependencies): Verbs['submitJob'] {
  return async (submission, call) => {
    const ownerId = ownerOf(call.principal, 'jobs');
    const fingerprint = submission.idempotencyKey === null ? null : fingerprintOf(submission);
    const earlier = submission.idempotencyKey && (await deps.jobs.findByKey(ownerId, submission.idempotencyKey));
    if (earlier) return repeated(deps, submission, earlier, fingerprint);

    const draft = await prepare(deps, ownerId, submission, call);
    if (submission.retriedFrom) await holdBlobsOf(submission.retriedFrom, deps.blobs, draft);
    crashPoint('submit.prepared.before_accept');
    // From here on nothing is discarded for an error: the job may have been accepted all the same.
    const accepted = await deps.jobs.accept(draft, fingerprint);
    if (!accepted.isNew) {
      await discardBody(deps, ownerId, draft.request);
      return repeated(deps, submission, accepted, fingerprint);
    }
    crashPoint('submit.accepted.before_hold');
    await holdBlobs(deps.blobs, accepted.job);
    crashPoint('submit.held.before_admission');
    await deps.admissions.accepted(accepted.job, submission.input);
    crashPoint('submit.admitted.before_dispatch');
    deps.dispatcher.soon(accepted.job);
    return { job: accepted.job, isReplayed: false };
  };
}

/** The job as it will be accepted. What is refused leaves no upload behind. */
async function prepare(deps: SubmitDependencies, ownerId: number, submission: JobSubmission, call: Call): Promise<Job> {
  const { input, retriedFrom } = submission;
  try {
    const { operation } = submission.request;
    if (submission.webhook) await checkReceiver(deps, submission.webhook.url, 'webhook', call.signal);
    const facts = await deps.admissions.admit(operation, input, call, retriedFrom?.subject ?? null);
    const request = await storeLargeBody(deps, ownerId, submission.request, call.signal);
    return draftOf(deps, ownerId, { ...submission, request }, facts, call);
  } catch (error) {
    await discardUploads(deps.blobs, ownerId, submission.request);
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
): Promise<SubmittedJob> {
  await discardUploads(deps.blobs, earlier.job.ownerId, submission.request);
  assertThat(
    earlier.fingerprint === fingerprint,
    'idempotency_key_reused',
    `Idempotency key '${submission.idempotencyKey}' was used before with a different request (job ${earlier.job.id}). Use a new key for a new request.`,
  );
  if (earlier.job.status === 'queued') await finishAcceptance(deps, earlier.job);
  return { job: earlier.job, isReplayed: true };
}

/** Of everything the caller said: two requests that differ in any of it are not the same. */
function fingerprintOf({ request, metadata, deadlineAt, webhook }: JobSubmission): string {
  const files = Object.entries(request.files).map(([field, blob]) => [field, blob.sha256, blob.name]);
  const { operation, params, query, body } = request;
  const text = canonicalJson([operation, params, query, body, files, metadata, deadlineAt, webhook]);
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

async function discardBody(deps: SubmitDependencies, ownerId: number, request: StoredRequest): Promise<void> {
  if (request.bodyBlob) await deps.blobs.discard(ownerId, request.bodyBlob.id);
}

function draftOf(
  deps: SubmitDependencies,
  ownerId: number,
  submission: JobSubmission,
  facts: JobFacts,
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
    metadata: { ...facts.metadata, ...submission.metadata },
    idempotencyKey: submission.idempotencyKey,
    requestId: call.requestId,
    keyId: call.principal.keyId,
    retriedFrom: submission.retriedFrom?.id ?? null,
    webhook: submission.webhook && { ...submission.webhook, status: 'waiting', attempts: 0 },
    lastSequence: 1,
    subject: facts.subject ?? null,
    batch: facts.batch ?? null,
    createdAt: now,
    lastTryAt: null,
    startedAt: null,
    cancelRequestedAt: null,
    completedAt: null,
    deadlineAt: submission.deadlineAt ?? facts.deadlineAt ?? null,
    expiresAt: null,
    updatedAt: now,
  };
}
