import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { Workflows } from '../../adapters/temporal/client.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { GatewayError, storeError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { Metrics } from '../../core/metrics.ts';
import { isOutage, type OutageDependencies } from '../outage.ts';
import { createStarter } from '../starter.ts';
import { holdBlobs } from './held-blobs.ts';
import type { Lifecycle } from './lifecycle.ts';

export interface DispatcherDependencies extends OutageDependencies {
  jobMaintenance: JobMaintenance;
  workflows: Workflows;
  blobs: BlobStore;
  clock: { now(): number };
  log: Logger;
  metrics: Pick<Metrics, 'jobDispatched'>;
  lifecycle: Lifecycle;
}

/** Hands accepted jobs to their workflows: at once after acceptance, and again by a sweep for what was missed. */
export function createDispatcher(deps: DispatcherDependencies) {
  const starter = createStarter<Job, string>({
    concurrentStarts: 4,
    async begin(job) {
      crashPoint('dispatch.taken.before_start');
      await deps.workflows.start(job);
      deps.metrics.jobDispatched(deps.clock.now() - job.createdAt);
      crashPoint('dispatch.started.before_mark');
      return job.id;
    },
    mark: (ids) => deps.jobMaintenance.markDispatched(ids, deps.clock.now()),
    onMissed: (error, job) => deps.log.warn({ err: error, jobId: job.id }, 'job not started; the sweep will'),
    unstarted: deps.jobMaintenance.undispatched,
  });

  /** True when the job was started. One that can never start ends with its error and holds up nobody else. */
  async function startMissed(job: Job): Promise<boolean> {
    try {
      // Whoever accepted it may have died before it took hold of its files.
      await holdBlobs(deps.blobs, job);
      await starter.start(job);
      return true;
    } catch (error) {
      if (isOutage(deps, error)) throw error;
      deps.log.error({ err: error, jobId: job.id }, 'job could not be started');
      if (error instanceof GatewayError) {
        await deps.lifecycle.fail({ jobId: job.id, ownerId: job.ownerId }, 'failed', storeError(error));
      }
      return false;
    }
  }

  return {
    /** Returns at once; a failure is left to the sweep. */
    soon: starter.soon,

    /** Starts everything accepted more than `olderThanMs` ago and never started; throws when an engine is away. */
    async sweep(olderThanMs: number, signal: AbortSignal): Promise<number> {
      let count = 0;
      await starter.sweep(deps.clock.now() - olderThanMs, signal, async (job) => {
        if (await startMissed(job)) count += 1;
      });
      return count;
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;
