import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  log,
  rootCause,
  sleep,
} from '@temporalio/workflow';
import { deadlineError, type StoredError } from '../core/errors.ts';
import type { JobEnding, JobRef } from '../core/job.ts';
import { type Steps, steps, stepsOf } from './steps.ts';

/** What a job's workflow is started with: references and bounds, nothing else. */
export interface JobStart extends JobRef {
  maxAttempts: number;
  deadlineAt: number | null;
}

/**
 * The frame of every job: work under a deadline, and a last word whatever happens. The work itself completes the job;
 * here are the other three ends. `close` is what a kind does of its own at these; it is tried for as long as stores may
 * be away, and the job ends even if it fails.
 */
export async function driveJob<T>(
  start: JobStart,
  work: (steps: Steps, ref: JobRef) => Promise<T>,
  close?: Close,
): Promise<T> {
  const ref = { jobId: start.jobId, ownerId: start.ownerId };
  const scope = new CancellationScope();
  let overdue = false;
  const timer = new CancellationScope();
  const deadline = start.deadlineAt;
  if (deadline !== null) {
    void timer
      .run(() => sleep(Math.max(0, deadline - Date.now())))
      .then(() => {
        overdue = true;
        scope.cancel();
      })
      .catch(() => undefined);
  }
  try {
    return await scope.run(() => work(stepsOf(start.maxAttempts), ref));
  } catch (error) {
    // A step whose worker was lost while it was being cancelled is not tried again: it ends with that, as if it failed.
    const isCancelled = isCancellation(error) || scope.consideredCancelled;
    const outcome = overdue ? 'expired' : isCancelled ? 'cancelled' : 'failed';
    const stored = outcome === 'failed' ? storedError(error) : outcome === 'expired' ? deadlineError : null;
    const ending: JobEnding = { outcome, error: stored };
    await CancellationScope.nonCancellable(() => sayLastWord(ref, ending, close));
    throw outcome === 'cancelled' && !isCancellation(error) ? new CancelledFailure('The job was cancelled.') : error;
  } finally {
    timer.cancel();
  }
}

/** What a kind of job does of its own before one of them ends without completing. */
export type Close = (steps: Steps, ref: JobRef, ending: JobEnding) => Promise<void>;

/** Ends a job that did not complete, whatever becomes of `close`. */
export async function sayLastWord(ref: JobRef, ending: JobEnding, close?: Close): Promise<void> {
  const last = steps();
  await close?.(last, ref, ending).catch((failure: unknown) => {
    log.error('a job ends without the last step of its kind', { jobId: ref.jobId, cause: rootCause(failure) });
  });
  await last.endJob({ ...ref, ...ending });
}

/** Our own error as the worker stored it in the failure; a timeout or a lost worker has none. */
function storedError(error: unknown): StoredError {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  if (detail) return detail as StoredError;
  return {
    code: 'internal_error',
    message: 'The work could not be finished: its workers failed repeatedly.',
    param: null,
    retryable: true,
  };
}
