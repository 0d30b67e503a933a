/** What an endpoint's failures have come to, and what follows: fewer calls at once, and in the end none. */

/** After that many failures in a row an endpoint is only probed. */
const failuresBeforeProbing = 5;

export interface ReceiverHealth {
  /** Since when nothing has arrived; null after a success. */
  failingSince: number | null;
  consecutiveFailures: number;
}

/** Nothing has failed, or what has is forgotten. */
export const healthy: ReceiverHealth = { failingSince: null, consecutiveFailures: 0 };

/** How many calls an endpoint may have at once in one process. */
export function callsAtOnce({ consecutiveFailures }: ReceiverHealth, most: number): number {
  return consecutiveFailures >= failuresBeforeProbing ? 1 : most;
}

/** Nothing but failures for `disableAfterMs`, and enough of them that it is no single mishap. */
export function isPastHope(health: ReceiverHealth, now: number, disableAfterMs: number): boolean {
  const { failingSince, consecutiveFailures } = health;
  return failingSince !== null && consecutiveFailures >= failuresBeforeProbing && now - failingSince >= disableAfterMs;
}
