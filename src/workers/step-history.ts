import type { Progress } from '../core/call.ts';

/**
 * What the next try of a step, on whichever worker, has to know of those before it. It travels with the heartbeats,
 * which the workflow engine keeps; and is shown by its UI.
 */
export interface StepHistory {
  /** How many tries count for nothing: one of our engines was away, or the worker was asked to stop. */
  uncounted: number;
  progress: Progress | null;
}

/** What the last heartbeat of the tries before said; there may have been none. */
export function historyIn(heartbeat: unknown): StepHistory {
  const { uncounted } = (heartbeat ?? {}) as Partial<StepHistory>;
  return { uncounted: uncounted ?? 0, progress: null };
}
