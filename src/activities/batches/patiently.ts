import { setTimeout as delay } from 'node:timers/promises';
import { type GatewayError, isUnavailable, toGatewayError } from '../../core/errors.ts';
import { isTurnedAway } from '../../core/routing/failure.ts';

const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** What is waited for longer is waited for without a worker's slot. */
const maxWaitMs = 15_000;

/** Calls are turned away for now: each can be made again, when the step comes again. */
export class TurnedAway extends Error {
  readonly refusal: GatewayError;

  constructor(refusal: GatewayError) {
    super('the provider takes no calls for now', { cause: refusal });
    this.refusal = refusal;
  }
}

/** Of all the calls of one step: once one of them has waited in vain, none waits any more. */
export interface Patience {
  isOver: boolean;
}

export interface Bounds {
  /** How often a call may fail once its provider has taken it on. */
  maxTries: number;
  patience: Patience;
  signal: AbortSignal;
}

/** Rests for so many milliseconds; throws when `signal` aborts. */
type Rest = (ms: number, signal: AbortSignal) => Promise<unknown>;

const restFor: Rest = (ms, signal) => delay(ms, undefined, { signal });

/**
 * Asks until there is an answer. A provider that fails is asked `maxTries` times; one that turns calls away for now is
 * waited for a little, while there is patience. Throws `TurnedAway` then, `unavailable` at once where our own engines are
 * away, what no other try can help, and when `signal` aborts.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  { maxTries, patience, signal }: Bounds,
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
      if (signal.aborted || !error.retryable || isUnavailable(thrown)) throw thrown;
      const restMs = Math.max(error.retryAfterMs ?? 0, pauseMs(pauses, random()));
      if (isTurnedAway(error)) {
        waitedMs += restMs;
        patience.isOver ||= waitedMs > maxWaitMs;
        if (patience.isOver) throw new TurnedAway(error);
      } else {
        failures += 1;
        if (failures >= maxTries) throw thrown;
        // Whoever names a time that long asks to be left alone, too.
        if ((error.retryAfterMs ?? 0) > maxWaitMs) throw new TurnedAway(error);
      }
      await rest(restMs, signal);
    }
  }
}

/** Longer each time, and not at the same moment for calls that failed together. */
function pauseMs(pauses: number, random: number): number {
  return Math.min(maxPauseMs, firstPauseMs * 2 ** pauses) * (1 - random / 2);
}
