import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { Workflows } from '../../adapters/temporal/client.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Logger } from '../../core/call.ts';
import type { Job } from '../../core/job.ts';
import { createLimiter } from '../../core/limiter.ts';
import { holdBlobs } from './held-blobs.ts';

const concurrentStarts = 8;
const pageSize = 200;
/** Beyond this many waiting starts the sweep takes over: it reads them from the store, not from memory. */
const maxWaiting = 1_000;

/** Hands accepted jobs to their workflows: at once after acceptance, and again by a sweep for what was missed. */
export function createDispatcher(deps: {
  jobMaintenance: JobMaintenance;
  workflows: Workflows;
  blobs: BlobStore;
  clock: { now(): number };
  log: Logger;
}) {
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
    await deps.workflows.start(job);
    await mark(job.id);
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

    /** Starts everything accepted more than `olderThanMs` ago and never started; throws when the engine is away. */
    async sweep(olderThanMs: number): Promise<number> {
      const before = deps.clock.now() - olderThanMs;
      let count = 0;
      for (;;) {
        const jobs = await deps.jobMaintenance.undispatched(before, pageSize);
        // Whoever accepted them may have died before it took hold of their files.
        await Promise.all(jobs.map((job) => holdBlobs(deps.blobs, job)));
        await Promise.all(jobs.map((job) => limited(() => start(job))));
        count += jobs.length;
        if (jobs.length < pageSize) return count;
      }
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;
