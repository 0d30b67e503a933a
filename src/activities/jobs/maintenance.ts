import type { BatchRepository } from '../../adapters/mongo/batches.ts';
import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Workflows } from '../../adapters/temporal/client.ts';
import type { WorkflowState } from '../../adapters/temporal/engine-call.ts';
import type { Config } from '../../config.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call, Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { deadlineError, GatewayError, storeError } from '../../core/errors.ts';
import { inLanes } from '../../core/in-lanes.ts';
import { type Job, type JobEnding, type JobRef, kindsOfLines } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { Admissions } from '../admissions.ts';
import { type OutageDependencies, onItsOwn } from '../outage.ts';
import type { Dispatcher } from './dispatcher.ts';
import { holdBlobsOfUnbegun, releaseAll, releaseForgotten, resultReference } from './held-blobs.ts';
import type { Lifecycle } from './lifecycle.ts';
import { settle } from './settle.ts';

/** A job that somebody works on is written to more often than this. */
const staleAfterMs = 60_000;
/** One that waits for a worker is not written to, however many of them there are: that is no sign of anything. */
const queuedStaleAfterMs = 3 * 60_000;
const pageSize = 100;
/** Jobs of a page that are seen to side by side. */
const lanes = 8;
/** Whoever ended a job has told of it by then. */
const settledAfterMs = 10_000;
const unusedBlobAfterMs = 3_600_000;
/** Whoever ended a batch has removed its rows by then. */
const unusedRowsAfterMs = 3_600_000;

export interface MaintenanceDependencies extends OutageDependencies {
  config: Pick<Config, 'jobs'>;
  clock: { now(): number };
  log: Logger;
  jobs: JobRepository;
  batches: Pick<BatchRepository, 'jobsOfRows' | 'remove'>;
  jobMaintenance: JobMaintenance;
  blobs: BlobStore;
  workflows: Workflows;
  dispatcher: Dispatcher;
  lifecycle: Lifecycle;
  admissions: Admissions;
  /** Finishes deletions that a store's outage interrupted, and deletes what else is past its time. */
  purgeDeleted(limit: number, call: Call): Promise<number>;
}

type Maintenance = Pick<Verbs, 'dispatchJobs' | 'reconcileJobs' | 'purgeExpired'>;

/** What keeps the promise that nothing accepted is lost and nothing is kept too long. */
export function createMaintenance(deps: MaintenanceDependencies): Maintenance {
  return {
    async dispatchJobs({ olderThanMs }, { signal }) {
      await expireOverdue(deps, signal);
      return { started: await deps.dispatcher.sweep(olderThanMs, signal) };
    },

    async reconcileJobs({ cursor }, { signal }) {
      await settleMissed(deps, signal);
      const now = deps.clock.now();
      const quiet = { before: now - staleAfterMs, queuedBefore: now - queuedStaleAfterMs };
      const page = await deps.jobMaintenance.stale(quiet, cursor, pageSize);
      let repaired = 0;
      await inLanes(page, lanes, signal, (job) =>
        onItsOwn(deps, job.id, async () => {
          if (await repair(deps, job)) repaired += 1;
        }),
      );
      return { repaired, cursor: nextCursor(page) };
    },

    async purgeExpired(_input, call) {
      const now = deps.clock.now();
      const results = await deps.jobMaintenance.expired(now, pageSize);
      await inLanes(results, lanes, call.signal, (ref) => onItsOwn(deps, ref.jobId, () => dropResult(deps, ref)));
      const records = await deps.jobMaintenance.forgettable(now - deps.config.jobs.recordRetentionMs, pageSize);
      await inLanes(records, lanes, call.signal, (ref) => onItsOwn(deps, ref.jobId, () => forget(deps, ref)));
      const deleted = await deps.purgeDeleted(pageSize, call);
      await releaseForgotten(deps, now - unusedBlobAfterMs);
      await removeForgottenRows(deps, now - unusedRowsAfterMs);
      const blobs = await deps.blobs.sweep(now - unusedBlobAfterMs);
      const more = [results.length, records.length, deleted].some((count) => count >= pageSize);
      return { jobs: results.length + records.length, blobs, more };
    },
  };
}

/** Files first, here and below: if this is cut short, the record is still there to begin again from. */
async function dropResult(deps: MaintenanceDependencies, { ownerId, jobId }: JobRef): Promise<void> {
  await deps.blobs.release(ownerId, resultReference(jobId));
  crashPoint('purge.released.before_drop');
  await deps.jobMaintenance.dropResult(ownerId, jobId);
}

async function forget(deps: MaintenanceDependencies, { ownerId, jobId }: JobRef): Promise<void> {
  await releaseAll(deps, ownerId, jobId);
  crashPoint('purge.released.before_forget');
  await deps.jobs.remove(ownerId, jobId);
}

/**
 * Rows of batches that are gone or ended before `endedBefore`. A worker that stood still until then writes down what
 * became of lines that nobody asks for any more. Rows are written of jobs that are there: one that is not, was.
 */
async function removeForgottenRows({ batches, jobMaintenance }: MaintenanceDependencies, endedBefore: number) {
  const refs = await batches.jobsOfRows();
  const lasting = await jobMaintenance.lasting([...new Set(refs.map(({ jobId }) => jobId))], endedBefore);
  const forgotten = refs.filter(({ jobId }) => !lasting.has(jobId));
  for (const { ownerId, jobId } of forgotten) await batches.remove(ownerId, jobId);
}

async function expireOverdue(deps: MaintenanceDependencies, signal: AbortSignal): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Job[] = await deps.jobMaintenance.overdue(deps.clock.now(), cursor, pageSize);
    await inLanes(page, lanes, signal, (job) => onItsOwn(deps, job.id, () => expire(deps, job)));
    cursor = nextCursor(page);
  } while (cursor !== null);
}

async function expire(deps: MaintenanceDependencies, job: Job): Promise<void> {
  if (job.status === 'queued') await holdBlobsOfUnbegun(deps.blobs, job);
  await deps.lifecycle.fail({ jobId: job.id, ownerId: job.ownerId }, 'expired', deadlineError);
  if (job.status !== 'queued') await deps.workflows.cancel(job.id);
}

/** Jobs whose process died between their end and telling of it. */
async function settleMissed(deps: MaintenanceDependencies, signal: AbortSignal): Promise<void> {
  const page = await deps.jobMaintenance.unsettled(deps.clock.now() - settledAfterMs, pageSize);
  await inLanes(page, lanes, signal, (job) => onItsOwn(deps, job.id, () => settle(deps, job)));
}

function nextCursor(page: readonly Job[]): string | null {
  return page.length < pageSize ? null : (page.at(-1)?.id ?? null);
}

/** True when something had to be done. */
async function repair(deps: MaintenanceDependencies, job: Job): Promise<boolean> {
  const state = await deps.workflows.describe(job.id);
  if (state === 'running') {
    if (job.status !== 'cancelling') return false;
    await deps.workflows.cancel(job.id);
    return true;
  }
  deps.log.warn({ jobId: job.id, state }, 'repairing a job whose workflow no longer runs');
  if (state === 'gone' && job.status !== 'cancelling') {
    await deps.workflows.start(job);
    return true;
  }
  const ref = { jobId: job.id, ownerId: job.ownerId };
  const { outcome, error } = endingOf(job, state, deps.clock.now());
  if (kindsOfLines.includes(job.kind)) await deps.workflows.close({ ...ref, outcome, error });
  else await deps.lifecycle.fail(ref, outcome, error);
  return true;
}

/** How a job ends whose workflow has left it behind. */
function endingOf({ status, deadlineAt }: Job, state: Exclude<WorkflowState, 'running'>, now: number): JobEnding {
  if (status === 'cancelling' || state === 'cancelled') return { outcome: 'cancelled', error: null };
  if (deadlineAt !== null && deadlineAt < now) return { outcome: 'expired', error: deadlineError };
  return { outcome: 'failed', error: storeError(new GatewayError('internal_error', endedWithout[state])) };
}

/** What a job is told whose workflow ended and left it as it was. */
export const endedWithout: Record<Exclude<WorkflowState, 'running' | 'cancelled'>, string> = {
  completed: 'The workflow of this job ended without storing a result.',
  failed: 'The workflow of this job failed.',
  terminated: 'The workflow of this job was terminated by an operator.',
  timed_out: 'The workflow of this job timed out.',
  gone: 'The workflow of this job is gone.',
};
