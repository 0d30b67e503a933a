import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import { isTurnedAway } from '../../core/routing/failure.ts';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** What is waited for longer is waited for without a worker's slot. */
const maxWaitMs = 15_000;

export interface Bounds {
  /** How often a call may fail once its provider has taken it on. */
  maxTries: number;
  signal: AbortSignal;
}

/** Rests for so many milliseconds; throws when `signal` aborts. */
type Rest = (ms: number, signal: AbortSignal) => Promise<unknown>;

const restFor: Rest = (ms, signal) => delay(ms, undefined, { signal });

/**
 * Asks until there is an answer. A provider that fails is asked `maxTries` times. One that turns calls away for now is
 * waited for a little, then `unavailable` is thrown, as it is at once where our own engines are away: the step is given
 * back, and comes again until its job's deadline. Throws what no other try can help, and when `signal` aborts.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  { maxTries, signal }: Bounds,
  rest = restFor,
  random = Math.random,
): Promise<T> {
  let failures = 0;
  let waitedMs = 0;
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await ask();
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (signal.aborted || !error.retryable || error.code === 'unavailable') throw thrown;
      const restMs = Math.max(error.retryAfterMs ?? 0, pauseMs(pauses, random()));
      if (isTurnedAway(error)) waitedMs += restMs;
      else failures += 1;
      if (failures >= maxTries) throw thrown;
      if (waitedMs > maxWaitMs) throw givenBack(error, restMs);
      await rest(restMs, signal);
    }
  }
}

/** Longer each time, and not at the same moment for calls that failed together. */
function pauseMs(pauses: number, random: number): number {
  return Math.min(maxPauseMs, firstPauseMs * 2 ** pauses) * (1 - random / 2);
}

function givenBack(error: GatewayError, retryAfterMs: number): GatewayError {
  return new GatewayError('unavailable', error.publicMessage, { cause: error, retryAfterMs });
}
