import { inLanes } from '../../core/in-lanes.ts';
import type { DeliverySteps } from '../../core/verbs.ts';
import type { Delivery } from '../../core/webhook.ts';
import { onItsOwn } from '../outage.ts';
import { type AttemptDependencies, createAttemptDelivery } from './attempt-delivery.ts';
import { type Deliveries, type DeliveriesDependencies, runOf } from './deliveries.ts';

/** A workflow that lives comes back to its delivery sooner than this after the time it was due. */
const overdueAfterMs = 5 * 60_000;
const pageSize = 100;
/** Deliveries of a page that are seen to side by side. */
const lanes = 8;

export interface DeliveryStepDependencies extends AttemptDependencies, DeliveriesDependencies {
  deliveries: Deliveries;
}

/** What brings deliveries to their receivers, and what sees to it that none is forgotten. */
export function createDeliverySteps(deps: DeliveryStepDependencies): DeliverySteps {
  const { webhookDeliveries, webhookEvents, deliveryWorkflows, deliveries, clock, log } = deps;

  /** True when its workflow was lost, with its history or by an operator's hand: another goes on where it was. */
  async function repair(delivery: Delivery): Promise<boolean> {
    const state = await deliveryWorkflows.describe(runOf(delivery));
    if (state === 'running') return false;
    log.warn({ delivery: delivery.id, state }, 'sending a delivery whose workflow no longer runs');
    const again = await webhookDeliveries.rerun(runOf(delivery), clock.now());
    if (again === null) return false;
    await webhookEvents.keep(again.ownerId, [again.eventId], clock.now());
    deliveries.soon(again);
    return true;
  }

  return {
    attemptDelivery: createAttemptDelivery(deps),

    async dispatchDeliveries({ olderThanMs }, { signal }) {
      return { started: await deliveries.sweep(olderThanMs, signal) };
    },

    async reconcileDeliveries({ cursor }, { signal }) {
      const page = await webhookDeliveries.overdue(clock.now() - overdueAfterMs, cursor, pageSize);
      let repaired = 0;
      await inLanes(page, lanes, signal, (delivery) =>
        onItsOwn(deps, delivery.id, async () => {
          if (await repair(delivery)) repaired += 1;
        }),
      );
      return { repaired, cursor: page.length < pageSize ? null : (page.at(-1)?.id ?? null) };
    },
  };
}
