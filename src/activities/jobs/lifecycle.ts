import type { Ending, JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Config } from '../../config.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call, Progress } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { type ErrorCode, GatewayError, type StoredError } from '../../core/errors.ts';
import type { Answer } from '../../core/invoke.ts';
import {
  isTerminal,
  type Job,
  type JobRef,
  type JobResult,
  type JobRun,
  type NewJobEvent,
  type TerminalStatus,
} from '../../core/job.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { Admissions } from '../admissions.ts';
import { finishAcceptance } from './finish-acceptance.ts';
import { resultReference } from './held-blobs.ts';
import { settle } from './settle.ts';
import { storeJson } from './store-json.ts';

export interface LifecycleDependencies {
  config: Pick<Config, 'jobs'>;
  clock: { now(): number };
  jobs: JobRepository;
  blobs: BlobStore;
  admissions: Admissions;
  metrics: Pick<Metrics, 'jobBegan' | 'jobAttempted' | 'jobEnded'>;
}

/** A worker has lost the job: it ended, or another worker took it over. Whatever it has in hand is void. */
class LostJobError extends GatewayError {
  constructor({ jobId, run }: JobRun) {
    super('conflict' satisfies ErrorCode, `Run ${run} of job ${jobId} is over.`);
  }
}

/**
 * Another try has the job. Whoever is told so was given up, and nobody hears of it; but one that came last, or where the
 * engine's clock went back, comes again until it has the job.
 */
class OvertakenError extends GatewayError {
  constructor({ jobId }: JobRef) {
    super('unavailable' satisfies ErrorCode, `Another try has job ${jobId}.`);
  }
}

/** The life of a job in the hands of a worker: taken over, reported on, ended. */
export function createLifecycle(deps: LifecycleDependencies) {
  const { jobs, blobs, clock } = deps;

  async function end(
    ref: JobRef & { run: number | null },
    status: TerminalStatus,
    outcome: Pick<Ending, 'result' | 'error'>,
    answer: unknown = null,
  ): Promise<Job | null> {
    const now = clock.now();
    const expiresAt = now + deps.config.jobs.resultRetentionMs;
    const ended = await jobs.end(ref.ownerId, ref.jobId, ref.run, { status, ...outcome, expiresAt }, now, answer);
    if (ended) measureEnd(ended, status, now);
    return ended;
  }

  function measureEnd(job: Job, status: TerminalStatus, now: number): void {
    // No worker ever tried it.
    if (job.startedAt === null) return;
    deps.metrics.jobEnded(now - job.startedAt);
    // A failure that was recorded as an attempt's has been counted.
    if (status !== 'failed' || job.lastError === null) deps.metrics.jobAttempted(status);
  }

  async function toResult(ownerId: number, answer: Answer, added: Record<string, string>): Promise<JobResult> {
    const { statusCode, body } = answer;
    const headers = { 'content-type': 'application/json', ...added };
    const text = Buffer.from(JSON.stringify(body));
    if (text.byteLength <= deps.config.jobs.inlineResultBytes) return { statusCode, headers, body, bodyBlob: null };
    const bodyBlob = await storeJson(blobs, ownerId, text, new AbortController().signal);
    return { statusCode, headers, body: null, bodyBlob };
  }

  /** The last word on a job that did not complete, whoever had it. Safe to repeat. */
  async function fail(
    ref: JobRef,
    status: Exclude<TerminalStatus, 'completed'>,
    error: StoredError | null,
  ): Promise<void> {
    // An operator's cancellation in the workflow engine comes without the caller's flag.
    if (status === 'cancelled') await jobs.move(ref.ownerId, ref.jobId, { to: 'cancelling', now: clock.now() });
    crashPoint('fail.told.before_end');
    const ended = await end({ ...ref, run: null }, status, { result: null, error });
    const job = ended ?? (await jobs.find(ref.ownerId, ref.jobId));
    if (job && job.status === status) await settle(deps, job);
  }

  /** What is to be done with a job that could not be taken over. */
  async function leave(ref: JobRef, scheduledAt: number | undefined): Promise<null> {
    const job = await jobs.find(ref.ownerId, ref.jobId);
    if (!job || isTerminal(job.status)) return null;
    if (job.status !== 'cancelling' || hasLaterTry(job, scheduledAt)) throw new OvertakenError(ref);
    // What has become of the lines of a batch is written down before it ends: its workflow goes on with that.
    if (job.batch === null) await fail(ref, 'cancelled', null);
    return null;
  }

  return {
    /**
     * Takes the job over for a try. Null when there is nothing to do: the job has ended, or its caller has cancelled it
     * and it ends now, or for a batch soon. Throws `OvertakenError` when another try has it: one that was frozen and
     * wakes up must not take it from whoever followed.
     */
    async begin(ref: JobRef, { scheduledAt }: Pick<Call, 'scheduledAt'>): Promise<Job | null> {
      const job = await jobs.find(ref.ownerId, ref.jobId);
      if (!job) return null;
      const begun = await jobs.move(ref.ownerId, ref.jobId, {
        to: 'in_progress',
        set: { startedAt: job.startedAt ?? clock.now() },
        increment: { run: 1, attempts: 1 },
        ...(scheduledAt !== undefined && { tryAt: scheduledAt }),
        begunAt: job.startedAt,
        now: clock.now(),
      });
      if (!begun) return leave(ref, scheduledAt);
      if (job.startedAt === null) deps.metrics.jobBegan(clock.now() - job.createdAt);
      crashPoint('begin.moved.before_acceptance');
      await finishAcceptance(deps, begun);
      crashPoint('begin.accepted.before_work');
      return begun;
    },

    /** The job, if `run` still has it. Throws `LostJobError`. */
    async current(ref: JobRun): Promise<Job> {
      const job = await jobs.find(ref.ownerId, ref.jobId);
      if (!job || job.run !== ref.run || isTerminal(job.status)) throw new LostJobError(ref);
      return job;
    },

    /** The run failed, and may be followed by another. */
    async attemptFailed(ref: JobRun, error: StoredError): Promise<void> {
      const told = await jobs.recordFailure(ref.ownerId, ref.jobId, ref.run, error, clock.now());
      if (told) deps.metrics.jobAttempted('failed');
    },

    async report(ref: JobRun, events: readonly NewJobEvent[], progress: Progress | null): Promise<void> {
      const all = progress ? [...events, { type: 'job.progress' as const, data: { ...progress } }] : events;
      await jobs.report(ref.ownerId, ref.jobId, ref.run, { events: all, progress }, clock.now());
    },

    /** Stores the answer and completes the job. A run that was overtaken leaves nothing behind. */
    async complete(ref: JobRun, answer: Answer, headers: Record<string, string> = {}): Promise<void> {
      const result = await toResult(ref.ownerId, answer, headers);
      const { bodyBlob } = result;
      const reference = resultReference(ref.jobId);
      if (bodyBlob) {
        crashPoint('result.stored.before_attach');
        await blobs.attach(ref.ownerId, bodyBlob.id, reference);
        crashPoint('result.attached.before_end');
      }
      const ended = await end(ref, 'completed', { result, error: null }, answer.body);
      crashPoint('result.ended.before_answer');
      if (bodyBlob && !ended) await blobs.detach(ref.ownerId, bodyBlob.id, reference);
    },

    fail,
  };
}

function hasLaterTry({ lastTryAt }: Job, scheduledAt: number | undefined): boolean {
  return scheduledAt !== undefined && lastTryAt !== null && lastTryAt >= scheduledAt;
}

export type Lifecycle = ReturnType<typeof createLifecycle>;
