import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { WorkflowState, Workflows } from '../../adapters/temporal/client.ts';
import type { Config } from '../../config.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Call, Logger } from '../../core/call.ts';
import { GatewayError, storeError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { Dispatcher } from './dispatcher.ts';
import { blobReference } from './held-blobs.ts';
import type { Lifecycle } from './lifecycle.ts';

/** A job that somebody works on is written to more often than this. */
const staleAfterMs = 60_000;
const pageSize = 100;
const unusedBlobAfterMs = 3_600_000;

export interface MaintenanceDependencies {
  config: Pick<Config, 'jobs'>;
  clock: { now(): number };
  log: Logger;
  jobs: JobRepository;
  jobMaintenance: JobMaintenance;
  blobs: BlobStore;
  workflows: Workflows;
  dispatcher: Dispatcher;
  lifecycle: Lifecycle;
  /** Finishes deletions that a store's outage interrupted. */
  purgeDeleted(limit: number, call: Call): Promise<number>;
}

type Maintenance = Pick<Verbs, 'dispatchJobs' | 'reconcileJobs' | 'purgeExpired'>;

/** What keeps the promise that nothing accepted is lost and nothing is kept too long. */
export function createMaintenance(deps: MaintenanceDependencies): Maintenance {
  return {
    async dispatchJobs({ olderThanMs }) {
      await expireOverdue(deps);
      return { started: await deps.dispatcher.sweep(olderThanMs) };
    },

    async reconcileJobs({ cursor }) {
      const page = await deps.jobMaintenance.stale(deps.clock.now() - staleAfterMs, cursor, pageSize);
      let repaired = 0;
      for (const job of page) {
        if (await repair(deps, job)) repaired += 1;
      }
      return { repaired, cursor: page.length < pageSize ? null : (page.at(-1)?.id ?? null) };
    },

    async purgeExpired(_input, call) {
      const now = deps.clock.now();
      const results = await deps.jobMaintenance.expired(now, pageSize);
      for (const { ownerId, id } of results) {
        await deps.jobMaintenance.dropResult(ownerId, id);
        await deps.blobs.release(ownerId, `${blobReference(id)}:result`);
      }
      const forgotten = await deps.jobMaintenance.forgettable(now - deps.config.jobs.recordRetentionMs, pageSize);
      for (const { ownerId, id } of forgotten) {
        await deps.jobs.remove(ownerId, id);
        await deps.blobs.release(ownerId, blobReference(id));
      }
      await deps.purgeDeleted(pageSize, call);
      return { jobs: results.length + forgotten.length, blobs: await deps.blobs.sweep(now - unusedBlobAfterMs) };
    },
  };
}

async function expireOverdue(deps: MaintenanceDependencies): Promise<void> {
  for (const job of await deps.jobMaintenance.overdue(deps.clock.now(), pageSize)) {
    await deps.lifecycle.fail({ jobId: job.id, ownerId: job.ownerId }, 'expired', deadlineError());
    if (job.status !== 'queued') await deps.workflows.cancel(job.id);
  }
}

function deadlineError() {
  return storeError(new GatewayError('deadline_exceeded', 'The job did not finish before its deadline.'));
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
  if (job.status === 'cancelling' || state === 'cancelled') await deps.lifecycle.fail(ref, 'cancelled', null);
  else await deps.lifecycle.fail(ref, 'failed', storeError(new GatewayError('internal_error', endedWithout[state])));
  return true;
}

const endedWithout: Record<Exclude<WorkflowState, 'running' | 'cancelled'>, string> = {
  completed: 'The workflow of this job ended without storing a result.',
  failed: 'The workflow of this job failed.',
  terminated: 'The workflow of this job was terminated by an operator.',
  timed_out: 'The workflow of this job timed out.',
  gone: 'The workflow of this job is gone.',
};
