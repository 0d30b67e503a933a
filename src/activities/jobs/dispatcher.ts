import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { Workflows } from '../../adapters/temporal/client.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { GatewayError, storeError } from '../../core/errors.ts';
import { inLanes } from '../../core/in-lanes.ts';
import type { Job } from '../../core/job.ts';
import { createLimiter } from '../../core/limiter.ts';
import type { Metrics } from '../../core/metrics.ts';
import { isOutage, type OutageDependencies } from '../outage.ts';
import { holdBlobs } from './held-blobs.ts';
import type { Lifecycle } from './lifecycle.ts';

const concurrentStarts = 4;
const pageSize = 200;
/** Beyond this many waiting starts the sweep takes over: it reads them from the store, not from memory. */
const maxWaiting = 1_000;

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
  const limited = createLimiter(concurrentStarts);
  let waiting = 0;
  let started: string[] = [];
  let marking: Promise<void> | null = null;

  /** One write marks all that were started since the last one. */
  function mark(id: string): Promise<void> {
    started.push(id);
    marking ??= Promise.resolve().then(async () => {
      const ids = started;
      started = [];
      marking = null;
      await deps.jobMaintenance.markDispatched(ids, deps.clock.now());
    });
    return marking;
  }

  async function start(job: Job): Promise<void> {
    crashPoint('dispatch.taken.before_start');
    await deps.workflows.start(job);
    deps.metrics.jobDispatched(deps.clock.now() - job.createdAt);
    crashPoint('dispatch.started.before_mark');
    await mark(job.id);
  }

  /** True when the job was started. One that can never start ends with its error and holds up nobody else. */
  async function startMissed(job: Job): Promise<boolean> {
    try {
      // Whoever accepted it may have died before it took hold of its files.
      await holdBlobs(deps.blobs, job);
      await start(job);
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
    soon(job: Job): void {
      if (waiting >= maxWaiting) return;
      waiting += 1;
      limited(() => start(job))
        .catch((error: unknown) => deps.log.warn({ err: error, jobId: job.id }, 'job not started; the sweep will'))
        .finally(() => {
          waiting -= 1;
        });
    },

    /** Starts everything accepted more than `olderThanMs` ago and never started; throws when an engine is away. */
    async sweep(olderThanMs: number, signal: AbortSignal): Promise<number> {
      const before = deps.clock.now() - olderThanMs;
      let count = 0;
      let cursor: string | null = null;
      do {
        const jobs: Job[] = await deps.jobMaintenance.undispatched(before, cursor, pageSize);
        await inLanes(jobs, concurrentStarts, signal, async (job) => {
          if (await startMissed(job)) count += 1;
        });
        cursor = jobs.length < pageSize ? null : (jobs.at(-1)?.id ?? null);
      } while (cursor !== null);
      return count;
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;
