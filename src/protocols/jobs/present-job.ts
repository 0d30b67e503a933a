import { errorTable, type StoredError } from '../../core/errors.ts';
import { isTerminal, type Job, type TerminalStatus } from '../../core/job.ts';

/** The job as callers read it; times in Unix seconds, null until they are reached. */
export function presentJob(job: Job) {
  const blob = job.result?.bodyBlob ?? null;
  const hasResult = job.result !== null && !job.resultDeleted;
  return {
    id: job.id,
    object: 'job' as const,
    endpoint: job.endpoint,
    type: typeOf(job.request.operation),
    model: job.model,
    status: job.status,
    created_at: seconds(job.createdAt),
    queued_at: seconds(job.createdAt),
    started_at: maybeSeconds(job.startedAt),
    completed_at: endedAs('completed', job),
    failed_at: endedAs('failed', job),
    cancelled_at: endedAs('cancelled', job),
    expired_at: endedAs('expired', job),
    cancel_requested_at: maybeSeconds(job.cancelRequestedAt),
    deadline_at: maybeSeconds(job.deadlineAt),
    expires_at: maybeSeconds(job.expiresAt),
    progress: job.progress && presentProgress(job.progress, job.progress.updatedAt),
    request_counts: job.batch && { ...job.batch.counts },
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    last_error: job.lastError && presentStoredError(job.lastError),
    result:
      job.result !== null && hasResult && blob === null
        ? { status_code: job.result.statusCode, headers: job.result.headers, body: job.result.body }
        : null,
    result_file_id: hasResult ? (blob?.id ?? null) : null,
    result_url: hasResult ? `${pathOf(job.id)}/result` : null,
    result_bytes: hasResult ? (blob?.bytes ?? null) : null,
    result_sha256: hasResult ? (blob?.sha256 ?? null) : null,
    error: job.error && presentStoredError(job.error),
    metadata: job.metadata,
    idempotency_key: job.idempotencyKey,
    request_id: job.requestId,
    retried_from: job.retriedFrom,
    webhook: job.webhook ? { ...job.webhook, events: [...job.webhook.events] } : null,
    last_sequence_number: job.lastSequence,
    links: {
      self: pathOf(job.id),
      events: `${pathOf(job.id)}/events`,
      cancel: `${pathOf(job.id)}/cancel`,
      result: `${pathOf(job.id)}/result`,
    },
  };
}

/** For those who may see the workflow engine: where its UI shows the job. */
export function withWorkflowLink<Presented extends Pick<ReturnType<typeof presentJob>, 'links'>>(
  job: Presented,
  workflow: string,
) {
  return { ...job, links: { ...job.links, workflow } };
}

/**
 * Somebody else's, for administrators: whose it is and how it goes, and nothing of what was sent, said of it or answered.
 * An error's sentence may name what was wrong with a request.
 */
export function presentJobOfAnother(job: Job) {
  const { progress, ...presented } = presentJob({ ...job, result: null });
  return {
    ...presented,
    owner_id: job.ownerId,
    progress: progress && { ...progress, message: null },
    metadata: {},
    idempotency_key: null,
    webhook: null,
  };
}

/** In a list: a page of a hundred results would be 25 MiB, so each is left to its `result_url`. */
export function presentJobInList(job: Job) {
  return { ...presentJob(job), result: null };
}

export function presentProgress(
  progress: NonNullable<Job['progress']> | Omit<NonNullable<Job['progress']>, 'updatedAt'>,
  updatedAt: number,
) {
  const { percent, stage, completed, total, message } = progress;
  return { percent, stage, completed, total, message, updated_at: seconds(updatedAt) };
}

export function pathOf(jobId: string): string {
  return `/v1/jobs/${jobId}`;
}

function presentStoredError(error: StoredError) {
  const { code, message, param, retryable } = error;
  return { type: errorTable[code].type, code, message, param, retryable };
}

/** `POST /v1/chat/completions` -> `chat.completion`: what is made, in the singular. */
function typeOf(operation: string): string {
  const [, path = ''] = operation.split(' ');
  const words = path.split('/').filter((segment) => segment !== '' && !/^v\d|^:/.test(segment));
  return words.join('.').replace(/s$/, '');
}

function endedAs(status: TerminalStatus, job: Job): number | null {
  return isTerminal(job.status) && job.status === status ? maybeSeconds(job.completedAt) : null;
}

export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function maybeSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : seconds(milliseconds);
}
