import { randomUUID } from 'node:crypto';
import { system } from '../core/access.ts';
import type { Call, Logger } from '../core/call.ts';
import type { Verbs } from '../core/verbs.ts';

export interface DispatchLoop {
  stop(): Promise<void>;
}

const maxBackoffMs = 5_000;

/**
 * Sees to it that accepted jobs are started and webhooks sent, also where a process died before it could. While the
 * workflow engine is away it asks less and less often, up to every 5 s.
 */
export function startDispatchLoop(
  verbs: Pick<Verbs, 'dispatchJobs' | 'dispatchDeliveries'>,
  settings: { sweepIntervalMs: number },
  log: Logger,
): DispatchLoop {
  const stopping = new AbortController();
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    const requestId = `dispatch_${randomUUID()}`;
    try {
      const call: Call = {
        principal: system,
        requestId,
        signal: stopping.signal,
        attempt: 1,
        idempotencyKey: requestId,
        operation: null,
        progress: () => undefined,
        served: () => undefined,
        log,
      };
      const forgotten = { olderThanMs: settings.sweepIntervalMs };
      await verbs.dispatchJobs(forgotten, call);
      await verbs.dispatchDeliveries(forgotten, call);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!stopping.signal.aborted)
        log.warn({ err: error, failures }, 'jobs and webhooks not dispatched; will try again');
    }
  }

  function schedule(): void {
    if (stopping.signal.aborted) return;
    const delayMs = Math.min(maxBackoffMs, settings.sweepIntervalMs * 2 ** Math.min(failures, 10));
    timer = setTimeout(() => {
      running = sweep().then(schedule);
    }, delayMs);
  }

  schedule();
  return {
    async stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
