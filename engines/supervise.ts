/** Keeps a process of the product running: one that ends by itself is started again, later each time it fails at once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProductProcess } from './product.ts';

export interface SuperviseOptions {
  start(): ProductProcess;
  say(text: string): void;
  /** Aborted: nothing is started any more. */
  signal: AbortSignal;
  firstDelayMs?: number;
  maxDelayMs?: number;
  /** A process that ran this long has recovered: its next delay is the first again. */
  steadyMs?: number;
}

/** Watches `first` and its successors; answers the one that runs now. */
export function supervise(first: ProductProcess, options: SuperviseOptions): () => ProductProcess {
  const { firstDelayMs = 1_000, maxDelayMs = 30_000, steadyMs = 60_000 } = options;
  let current = first;

  async function keepRunning(): Promise<void> {
    let delayMs = firstDelayMs;
    while (!options.signal.aborted) {
      const startedAt = Date.now();
      const { code, signal } = await current.ended;
      if (options.signal.aborted) return;
      if (Date.now() - startedAt >= steadyMs) delayMs = firstDelayMs;
      const how = signal ? `was ended by ${signal}` : `exited with ${code}`;
      options.say(`The ${current.role} process ${how}; starting it again in ${delayMs / 1_000} s`);
      await delay(delayMs, undefined, { signal: options.signal }).catch(() => {});
      if (options.signal.aborted) return;
      delayMs = Math.min(delayMs * 2, maxDelayMs);
      current = options.start();
    }
  }

  void keepRunning();
  return () => current;
}
