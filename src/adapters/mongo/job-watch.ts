import type { Logger } from '../../core/call.ts';
import type { JobMaintenance } from './job-maintenance.ts';

const pollIntervalMs = 400;
const reopenDelayMs = 1_000;
/** Jobs of which the latest event is remembered. */
const maxHeard = 10_000;

interface Waiter {
  jobId: string;
  afterSequence: number;
  /** With the number of an event that is there, or null where none is known of. */
  wake(sequence: number | null): void;
}

/**
 * Wakes those who wait for a job's next event. One change stream per process serves all of them; a poll, one query
 * for all, covers what the stream missed, so a wake-up is never later than the poll interval.
 */
export function createJobWatch(maintenance: JobMaintenance, log: Logger) {
  const waiters = new Map<string, Set<Waiter>>();
  /** Whoever comes to wait for what was heard while it was busy does not wait. */
  const heard = new Map<string, number>();
  let stream: ReturnType<JobMaintenance['watchEvents']> | null = null;
  let reopenAt = 0;
  let poll: NodeJS.Timeout | null = null;
  let closed = false;

  function wakeAll(jobId: string, sequence: number): void {
    const latest = Math.max(sequence, heard.get(jobId) ?? 0);
    heard.delete(jobId);
    heard.set(jobId, latest);
    const [oldest] = heard.keys();
    if (heard.size > maxHeard && oldest !== undefined) heard.delete(oldest);
    for (const waiter of waiters.get(jobId) ?? []) if (sequence > waiter.afterSequence) waiter.wake(sequence);
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
    /**
     * Resolves with the number of an event after `afterSequence` as soon as there may be one; with null when the time is
     * up, or `signal` aborts.
     */
    wait(jobId: string, afterSequence: number, timeoutMs: number, signal: AbortSignal): Promise<number | null> {
      return new Promise((resolve) => {
        const latest = heard.get(jobId) ?? 0;
        if (latest > afterSequence) return resolve(latest);
        const timer = setTimeout(() => done(null), timeoutMs);
        const waiter: Waiter = { jobId, afterSequence, wake: done };
        const abandon = () => done(null);
        function done(sequence: number | null): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', abandon);
          const others = waiters.get(jobId);
          others?.delete(waiter);
          if (others?.size === 0) waiters.delete(jobId);
          resolve(sequence);
        }
        if (signal.aborted || closed) return done(null);
        signal.addEventListener('abort', abandon);
        waiters.set(jobId, (waiters.get(jobId) ?? new Set()).add(waiter));
        open();
        schedulePoll();
      });
    },

    async close(): Promise<void> {
      closed = true;
      if (poll) clearTimeout(poll);
      for (const set of waiters.values()) for (const waiter of set) waiter.wake(null);
      await stream?.close();
    },
  };
}

export type JobWatch = ReturnType<typeof createJobWatch>;
