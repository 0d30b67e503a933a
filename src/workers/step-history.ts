import type { Progress } from '../core/call.ts';

/**
 * What the next try of a step, on whichever worker, has to know of those before it. It travels with the heartbeats,
 * which the workflow engine keeps; and is shown by its UI.
 */
export interface StepHistory {
  /** How many tries have ended because one of our engines was away. */
  outages: number;
  progress: Progress | null;
}

/** What the last heartbeat of the tries before said; there may have been none. */
export function historyIn(heartbeat: unknown): StepHistory {
  const { outages } = (heartbeat ?? {}) as Partial<StepHistory>;
  return { outages: outages ?? 0, progress: null };
}
