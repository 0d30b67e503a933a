import { inLanes } from '../../core/in-lanes.ts';
import {
  type Delivery,
  type DeliveryState,
  deliveryIdOf,
  newDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../core/webhook.ts';
import { isRetried, takes } from '../../core/webhooks/filter.ts';
import { runOf } from './deliveries.ts';
import type { WebhookDependencies } from './dependencies.ts';

/** What is planned for sooner than this is left to its workflow. */
const aboutToBeSentMs = 1_000;
/** Deliveries that are begun side by side. */
const lanes = 8;

/** Sends again what is written down: always the same event under the same id. */
export function createResend(
  deps: Pick<WebhookDependencies, 'webhookEvents' | 'webhookDeliveries' | 'deliveries' | 'clock'>,
) {
  const { webhookEvents, webhookDeliveries, deliveries, clock } = deps;

  /** Sends what has ended, or what is planned for later; null when it is about to be sent anyway. */
  async function again(delivery: DeliveryState): Promise<Delivery | null> {
    const now = clock.now();
    const { ownerId, id, status, nextAttemptAt } = delivery;
    if (status === 'pending' && (nextAttemptAt ?? now) - now <= aboutToBeSentMs) return null;
    const opened =
      status === 'pending'
        ? await webhookDeliveries.hurry(runOf(delivery), now)
        : await webhookDeliveries.reopen(ownerId, id, now);
    if (!opened) return null;
    await webhookEvents.keep(ownerId, [opened.eventId], now);
    deliveries.soon(opened);
    return opened;
  }

  async function countAgain(some: readonly DeliveryState[], signal: AbortSignal): Promise<number> {
    let sent = 0;
    await inLanes(some, lanes, signal, async (delivery) => {
      if (await again(delivery)) sent += 1;
    });
    return sent;
  }

  return {
    again,

    /** Answers how many were begun. */
    all: countAgain,

    /** Sends those of `events` that the endpoint should have and has not got. Answers how many were begun. */
    async missed(endpoint: WebhookEndpoint, events: readonly WebhookEvent[], signal: AbortSignal): Promise<number> {
      const { id: endpointId, ownerId } = endpoint;
      const due = events.filter(({ type }) => isRetried(type) && takes(endpoint.events, type));
      const states = await webhookDeliveries.statesOf(
        ownerId,
        due.map((event) => deliveryIdOf(event, endpointId)),
      );
      const known = new Set(states.map(({ id }) => id));
      const rows = due
        .map((event) => newDelivery(event, { ...endpoint, endpointId }, clock.now()))
        .filter(({ id }) => !known.has(id));
      await webhookDeliveries.insert(rows);
      await webhookEvents.keep(
        ownerId,
        rows.map(({ eventId }) => eventId),
        clock.now(),
      );
      for (const row of rows) deliveries.soon(row);
      const notArrived = states.filter(({ status }) => status !== 'succeeded');
      return rows.length + (await countAgain(notArrived, signal));
    },
  };
}
