import { setTimeout as delay } from 'node:timers/promises';
import { toGatewayError } from '../../core/errors.ts';
import { isTurnedAway } from '../../core/routing/failure.ts';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;

export interface Bounds {
  /** How often a call may fail once its provider has taken it on. */
  maxTries: number;
  signal: AbortSignal;
}

/** Rests for so many milliseconds; throws when `signal` aborts. */
type Rest = (ms: number, signal: AbortSignal) => Promise<unknown>;

const restFor: Rest = (ms, signal) => delay(ms, undefined, { signal });

/**
 * Asks until there is an answer, as for work that has until its deadline: a provider that turns calls away for now is
 * waited for until `signal` aborts, one that fails is asked `maxTries` times. Throws what no other try can help, and
 * `unavailable` at once: whoever waits for our own engines does so for all calls together.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  { maxTries, signal }: Bounds,
  rest = restFor,
  random = Math.random,
): Promise<T> {
  let failures = 0;
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await ask();
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (signal.aborted || !error.retryable || error.code === 'unavailable') throw thrown;
      if (!isTurnedAway(error)) failures += 1;
      if (failures >= maxTries) throw thrown;
      await rest(Math.max(error.retryAfterMs ?? 0, pauseMs(pauses, random())), signal);
    }
  }
}

/** Longer each time, and not at the same moment for calls that failed together. */
function pauseMs(pauses: number, random: number): number {
  return Math.min(maxPauseMs, firstPauseMs * 2 ** pauses) * (1 - random / 2);
}
