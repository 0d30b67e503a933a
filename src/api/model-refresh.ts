import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { system } from '../core/access.ts';
import type { Logger } from '../core/call.ts';
import type { Verbs } from '../core/verbs.ts';

export interface ModelRefresh {
  /** Resolves after the first try, however it ended, and after 10 s at the latest. */
  tried: Promise<void>;
  stop(): Promise<void>;
}

const firstTryMs = 10_000;

/** Brings the models of the configuration up to date, and tries again as long as something of it was away. */
export function startModelRefresh(
  verbs: Pick<Verbs, 'refreshModels'>,
  log: Logger,
  retryAfterMs = 60_000,
): ModelRefresh {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let running = refresh();
  const tried = Promise.race([running, delay(firstTryMs, undefined, { ref: false })]);

  async function refresh(): Promise<void> {
    const complete = await attempt();
    if (complete || stopping.signal.aborted) return;
    timer = setTimeout(() => {
      running = refresh();
    }, retryAfterMs);
  }

  async function attempt(): Promise<boolean> {
    const requestId = `refresh_${randomUUID()}`;
    try {
      const { complete } = await verbs.refreshModels(
        {},
        {
          principal: system,
          requestId,
          signal: stopping.signal,
          attempt: 1,
          inBackground: true,
          idempotencyKey: requestId,
          operation: null,
          progress: () => undefined,
          served: () => undefined,
          log,
        },
      );
      return complete;
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ err: error }, 'models not brought up to date; will try again');
      return false;
    }
  }

  return {
    tried,
    async stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
