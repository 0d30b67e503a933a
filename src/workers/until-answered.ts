import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../core/call.ts';
import { isUnavailable } from '../core/errors.ts';

export interface Patience {
  /** Errors that say that the workflow engine is away, `unavailable` unless said otherwise; any other is thrown. */
  isAway?(error: unknown): boolean;
  log: Logger;
  /** For the log: which engine. */
  address: string;
  againAfterMs?: number;
}

/** Does `work` again and again until the workflow engine answers: a worker has nothing better to do meanwhile. */
export async function untilAnswered<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { isAway = isUnavailable, log, address, againAfterMs = 2_000 } = patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) throw error;
      log.warn({ err: error, address }, 'the workflow engine does not answer; will try again');
      await delay(againAfterMs);
    }
  }
}
