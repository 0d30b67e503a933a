/** Looks at every write of a job as it is made: what must never be written is found where it is written. */
import { isTerminal, type Job, type JobEvent, mayBecome } from '../../src/core/job.ts';

/** What a terminal job has said for good. Its result may be deleted, and nothing else may happen to it. */
const lastWords = ['status', 'error', 'completedAt', 'run', 'expiresAt', 'lastSequence'] as const;

export interface WatchedWrites {
  onWrite(before: Job | null, after: Job | null, events: readonly JobEvent[]): void;
  violations: string[];
  /** The key of a submission -> jobs that were made for it. */
  made: Map<string, string[]>;
  /** Job -> when it was cancelled. */
  cancelledAt: Map<string, number>;
}

export function watchWrites(now: () => number): WatchedWrites {
  const violations: string[] = [];
  const made = new Map<string, string[]>();
  const cancelledAt = new Map<string, number>();

  function onWrite(before: Job | null, after: Job | null, events: readonly JobEvent[]): void {
    if (!after) {
      if (before && !isTerminal(before.status)) violations.push(`I1: job ${before.id} was removed before its end`);
      return;
    }
    const { id, status } = after;
    if (!before) {
      const key = `${after.ownerId} ${after.idempotencyKey}`;
      made.set(key, [...(made.get(key) ?? []), id]);
      return;
    }
    if (status === 'cancelled' && before.status !== 'cancelled') cancelledAt.set(id, now());
    if (status !== before.status && !mayBecome(before.status, status)) {
      violations.push(`I2: job ${id} went from ${before.status} to ${status}`);
    }
    if (isTerminal(before.status)) {
      const changed = lastWords.filter((word) => before[word] !== after[word]);
      if (changed.length > 0) violations.push(`I2: job ${id} changed after its end: ${changed.join(', ')}`);
      if (events.length > 0) violations.push(`I2: job ${id} spoke after its end`);
      if (after.result !== null && after.result !== before.result) violations.push(`I2: job ${id} has another result`);
    }
    for (const [index, event] of events.entries()) {
      if (event.sequence !== before.lastSequence + 1 + index) violations.push(`I2: the log of job ${id} has a gap`);
    }
  }

  return { onWrite, violations, made, cancelledAt };
}
