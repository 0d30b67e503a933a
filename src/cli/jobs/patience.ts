import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { ApiError } from '../http/api-client.ts';

const firstDelayMs = 500;
const maxDelayMs = 10_000;
const giveUpAfterMs = 5 * 60_000;

/** Told of every sign of life: a quiet job's server is there as long as it takes connections, and pings. */
export interface Link {
  opened(): void;
  heard(): void;
}

/** How long it is tried again to reach a server. `lost` says what becomes of the work then. */
export function createPatience(signal: AbortSignal, lost: (forMinutes: number, cause: unknown) => CliError) {
  let failures = 0;
  let lastHeardAt = Date.now();

  return {
    link: {
      opened() {
        lastHeardAt = Date.now();
      },
      heard() {
        lastHeardAt = Date.now();
        failures = 0;
      },
    } satisfies Link,

    /** Throws what it is no use to try again after: a refusal, and whatever comes after five minutes of nothing. */
    bear(error: unknown): void {
      if (signal.aborted || isFinal(error)) throw error;
      if (Date.now() - lastHeardAt > giveUpAfterMs) throw lost(giveUpAfterMs / 60_000, error);
    },

    /** Longer each time, until something is heard. */
    async pause(): Promise<void> {
      await pauseAfter(failures, signal);
      failures += 1;
    },
  };
}

/** Asks about an ended job until there is an answer. Throws when the server refuses, or cannot be reached for long. */
export async function patiently<Answer>(jobId: string, signal: AbortSignal, ask: () => Promise<Answer>) {
  const patience = createPatience(signal, lostAfterEnd(jobId));
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      patience.bear(error);
    }
    await patience.pause();
  }
}

export function lostAfterEnd(jobId: string) {
  return (forMinutes: number, cause: unknown) =>
    new CliError(
      exitCodes.unavailable,
      `The server has not been reached for ${forMinutes} minutes. The job has ended: switchyard jobs get ${jobId}`,
      { cause },
    );
}

/** Ends early, and without an error, when `signal` says so. */
export async function pauseAfter(failures: number, signal: AbortSignal): Promise<void> {
  await delay(Math.min(maxDelayMs, firstDelayMs * 2 ** failures), undefined, { signal }).catch(() => undefined);
}

/** Whether it would go no better the next time. A 408 is what a server answers that stood still while it was asked. */
export function isFinal(error: unknown): boolean {
  if (error instanceof ApiError) return error.status < 500 && ![408, 429].includes(error.status);
  return error instanceof CliError && error.exitCode !== exitCodes.unavailable;
}
