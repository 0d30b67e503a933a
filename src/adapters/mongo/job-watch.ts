import type { Logger } from '../../core/call.ts';
import type { JobMaintenance } from './job-maintenance.ts';

const pollIntervalMs = 400;
const reopenDelayMs = 1_000;

interface Waiter {
  jobId: string;
  afterSequence: number;
  wake(): void;
}

/**
 * Wakes those who wait for a job's next event. One change stream per process serves all of them; a poll, one query
 * for all, covers what the stream missed, so a wake-up is never later than the poll interval.
 */
export function createJobWatch(maintenance: JobMaintenance, log: Logger) {
  const waiters = new Map<string, Set<Waiter>>();
  let stream: ReturnType<JobMaintenance['watchEvents']> | null = null;
  let reopenAt = 0;
  let poll: NodeJS.Timeout | null = null;
  let closed = false;

  function wakeAll(jobId: string, sequence: number): void {
    for (const waiter of waiters.get(jobId) ?? []) if (sequence > waiter.afterSequence) waiter.wake();
  }

  function open(): void {
    if (stream || closed || Date.now() < reopenAt) return;
    const opened = maintenance.watchEvents();
    stream = opened;
    opened.on('change', (change) => {
      if (change.operationType === 'insert') wakeAll(change.fullDocument.jobId, change.fullDocument.sequence);
    });
    opened.on('error', (error: unknown) => {
      log.warn({ err: error }, 'the change stream of job events broke; polling until it is open again');
      reopenAt = Date.now() + reopenDelayMs;
      stream = null;
      void opened.close().catch(() => undefined);
    });
  }

  async function pollOnce(): Promise<void> {
    open();
    const ids = [...waiters.keys()];
    for (let start = 0; start < ids.length; start += 1_000) {
      const sequences = await maintenance.lastSequences(ids.slice(start, start + 1_000));
      for (const [id, sequence] of sequences) wakeAll(id, sequence);
    }
  }

  function schedulePoll(): void {
    if (poll || closed || waiters.size === 0) return;
    poll = setTimeout(() => {
      pollOnce()
        .catch((error: unknown) => log.warn({ err: error }, 'could not poll for job events'))
        .finally(() => {
          poll = null;
          schedulePoll();
        });
    }, pollIntervalMs);
  }

  return {
    /** Resolves when the job may have an event after `afterSequence`, the time is up, or `signal` aborts. */
    wait(jobId: string, afterSequence: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(done, timeoutMs);
        const waiter: Waiter = { jobId, afterSequence, wake: done };
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          const others = waiters.get(jobId);
          others?.delete(waiter);
          if (others?.size === 0) waiters.delete(jobId);
          resolve();
        }
        if (signal.aborted || closed) return done();
        signal.addEventListener('abort', done);
        waiters.set(jobId, (waiters.get(jobId) ?? new Set()).add(waiter));
        open();
        schedulePoll();
      });
    },

    async close(): Promise<void> {
      closed = true;
      if (poll) clearTimeout(poll);
      for (const set of waiters.values()) for (const waiter of set) waiter.wake();
      await stream?.close();
    },
  };
}

export type JobWatch = ReturnType<typeof createJobWatch>;
