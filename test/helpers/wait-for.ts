/** Waiting for what a test expects, in place of sleeping. */
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 25;

/**
 * Resolves once `condition` holds; rejects with `what` when it does not within the time, which is ample: machines may be
 * busy with something else.
 */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 120_000) {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) throw new Error(`Waited ${timeoutMs / 1_000} s in vain for: ${what}`);
    await delay(pollMs);
  }
}
