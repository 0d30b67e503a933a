import type { WebhookDeliveryRepository } from '../../adapters/mongo/webhook-deliveries.ts';
import type { DeliveryWorkflows } from '../../adapters/temporal/delivery-workflows.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { DeliveryRun } from '../../core/delivery-run.ts';
import { inLanes } from '../../core/in-lanes.ts';
import { createLimiter } from '../../core/limiter.ts';
import type { Delivery } from '../../core/webhook.ts';
import { type OutageDependencies, onItsOwn } from '../outage.ts';

const concurrentStarts = 8;
const pageSize = 200;
/** Beyond this many waiting starts the sweep takes over: it reads them from the store, not from memory. */
const maxWaiting = 1_000;

export interface DeliveriesDependencies extends OutageDependencies {
  config: Pick<Config, 'webhooks'>;
  webhookDeliveries: WebhookDeliveryRepository;
  deliveryWorkflows: DeliveryWorkflows;
  clock: { now(): number };
  log: Logger;
}

/** Brings to their receivers what is stored as pending. */
export interface Deliveries {
  /** Begins to send a delivery that is stored and due. Returns at once; what it misses, the sweep finds. */
  soon(delivery: Delivery): void;
  /**
   * Begins everything stored more than `olderThanMs` ago and never begun; answers how many. One that cannot be begun
   * costs the others nothing. Throws when an engine is away.
   */
  sweep(olderThanMs: number, signal: AbortSignal): Promise<number>;
}

export function createDeliveries(deps: DeliveriesDependencies): Deliveries {
  const { webhookDeliveries, deliveryWorkflows, clock, log } = deps;
  const [firstPauseMs = 0] = deps.config.webhooks.scheduleMs;
  const limited = createLimiter(concurrentStarts);
  let waiting = 0;
  let started: DeliveryRun[] = [];
  let marking: Promise<void> | null = null;

  /** One write marks all that were started since the last one. */
  function mark(run: DeliveryRun): Promise<void> {
    started.push(run);
    marking ??= Promise.resolve().then(async () => {
      const runs = started;
      started = [];
      marking = null;
      await webhookDeliveries.markDispatched(runs, clock.now());
    });
    return marking;
  }

  async function start(delivery: Delivery): Promise<void> {
    const run = runOf(delivery);
    const isFirst = delivery.run === 0 && delivery.step === 0;
    await deliveryWorkflows.start({ ...run, firstAfterMs: isFirst ? firstPauseMs : 0 }, delivery.eventType);
    crashPoint('webhook.started.before_mark');
    await mark(run);
  }

  return {
    soon(delivery) {
      if (waiting >= maxWaiting) return;
      waiting += 1;
      limited(() => start(delivery))
        .catch((error: unknown) => log.warn({ err: error, delivery: delivery.id }, 'not sent yet; the sweep will'))
        .finally(() => {
          waiting -= 1;
        });
    },

    async sweep(olderThanMs, signal) {
      const before = clock.now() - olderThanMs;
      let count = 0;
      let cursor: string | null = null;
      do {
        const page: Delivery[] = await webhookDeliveries.undispatched(before, cursor, pageSize);
        await inLanes(page, concurrentStarts, signal, (delivery) =>
          onItsOwn(deps, delivery.id, async () => {
            await start(delivery);
            count += 1;
          }),
        );
        cursor = page.length < pageSize ? null : (page.at(-1)?.id ?? null);
      } while (cursor !== null);
      return count;
    },
  };
}

export function runOf({ id, ownerId, run }: Delivery): DeliveryRun {
  return { deliveryId: id, ownerId, run };
}
