import type { WebhookDeliveryRepository } from '../../adapters/mongo/webhook-deliveries.ts';
import type { DeliveryWorkflows } from '../../adapters/temporal/delivery-workflows.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Delivery } from '../../core/webhook.ts';
import type { DeliveryRun } from '../../core/webhooks/delivery-run.ts';
import { type OutageDependencies, onItsOwn } from '../outage.ts';
import { createStarter } from '../starter.ts';

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
  const starter = createStarter<Delivery, DeliveryRun>({
    concurrentStarts: 8,
    async begin(delivery) {
      const run = runOf(delivery);
      const isFirst = delivery.run === 0 && delivery.step === 0;
      await deliveryWorkflows.start({ ...run, firstAfterMs: isFirst ? firstPauseMs : 0 }, delivery.eventType);
      crashPoint('webhook.started.before_mark');
      return run;
    },
    mark: (runs) => webhookDeliveries.markDispatched(runs, clock.now()),
    onMissed: (error, { id }) => log.warn({ err: error, delivery: id }, 'not sent yet; the sweep will'),
    unstarted: webhookDeliveries.undispatched,
  });

  return {
    soon: starter.soon,

    async sweep(olderThanMs, signal) {
      let count = 0;
      await starter.sweep(clock.now() - olderThanMs, signal, (delivery) =>
        onItsOwn(deps, delivery.id, async () => {
          await starter.start(delivery);
          count += 1;
        }),
      );
      return count;
    },
  };
}

export function runOf({ id, ownerId, run }: Pick<Delivery, 'id' | 'ownerId' | 'run'>): DeliveryRun {
  return { deliveryId: id, ownerId, run };
}
