import { randomBytes } from 'node:crypto';
import type { DeliveryPlace } from '../../adapters/mongo/webhook-deliveries.ts';
import type { Call } from '../../core/call.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { WebhookVerbs } from '../../core/verbs.ts';
import {
  type Delivery,
  type DeliveryRange,
  deliveryIdOf,
  newDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../core/webhook.ts';
import { testEvent } from '../../core/webhooks/events.ts';
import { isRetried, takes } from '../../core/webhooks/filter.ts';
import { runOf } from './deliveries.ts';
import { findEndpoint, ownerOfWebhooks, type WebhookDependencies } from './dependencies.ts';

type ReplayVerbs = Pick<
  WebhookVerbs,
  | 'testWebhookEndpoint'
  | 'recoverWebhookEndpoint'
  | 'listWebhookDeliveries'
  | 'getWebhookDelivery'
  | 'retryWebhookDelivery'
  | 'retryWebhookDeliveries'
>;

const pageSize = 500;
const aboutToBeSentMs = 1_000;
/** What one call sends anew at most. */
const maxResent = 10_000;

/** What was sent to receivers, and sending it again: always the same event under the same id. */
export function createReplayVerbs(deps: WebhookDependencies): ReplayVerbs {
  const { webhookEvents, webhookDeliveries, deliveries, clock } = deps;

  /** Stored as pending first: what cannot be begun now is found by the sweep. */
  async function send(event: WebhookEvent, endpoint: WebhookEndpoint): Promise<Delivery> {
    const { id: endpointId, ...receiver } = endpoint;
    const delivery = newDelivery(event, { ...receiver, endpointId }, clock.now());
    await webhookEvents.insert([event]);
    await webhookDeliveries.insert([delivery]);
    deliveries.soon(delivery);
    return delivery;
  }

  /** Sends what has ended; null when it is under way. */
  async function resend(ownerId: number, id: string): Promise<Delivery | null> {
    const reopened = await webhookDeliveries.reopen(ownerId, id, clock.now());
    return reopened && anew(reopened);
  }

  /** Sends now what is planned for later; null when it is about to be sent anyway. */
  async function hurry(delivery: Delivery): Promise<Delivery | null> {
    const now = clock.now();
    if ((delivery.nextAttemptAt ?? now) - now <= aboutToBeSentMs) return null;
    const hurried = await webhookDeliveries.hurry(runOf(delivery), now);
    return hurried && anew(hurried);
  }

  async function anew(delivery: Delivery): Promise<Delivery> {
    await webhookEvents.keep(delivery.ownerId, [delivery.eventId], clock.now());
    deliveries.soon(delivery);
    return delivery;
  }

  async function find(id: string, call: Call): Promise<Delivery> {
    const delivery = await webhookDeliveries.find(ownerOfWebhooks(call), id);
    return delivery ?? missing(id);
  }

  /** Sends those of a page of events that the endpoint should have and has not got. Answers how many. */
  async function recover(endpoint: WebhookEndpoint, events: readonly WebhookEvent[]): Promise<number> {
    const { id, ownerId } = endpoint;
    const due = events.filter(({ type }) => isRetried(type) && takes(endpoint.events, type));
    const arrived = await webhookDeliveries.succeededOf(
      ownerId,
      due.map((event) => deliveryIdOf(event, id)),
    );
    const missed = due.filter((event) => !arrived.has(deliveryIdOf(event, id)));
    const rows = missed.map((event) => newDelivery(event, { ...endpoint, endpointId: id }, clock.now()));
    await webhookDeliveries.insert(rows);
    for (const row of rows) if (!(await resend(ownerId, row.id))) await anew(row);
    return rows.length;
  }

  /** Whom something may be sent to now: the endpoint that is named, or those that are enabled and the URLs of jobs. */
  async function receiversIn({ endpointId }: DeliveryRange, call: Call): Promise<(string | null)[]> {
    if (endpointId !== null) {
      assertEnabled(await findEndpoint(deps, endpointId, call));
      return [endpointId];
    }
    const endpoints = await deps.webhookEndpoints.of(ownerOfWebhooks(call));
    return [null, ...endpoints.filter(({ status }) => status === 'enabled').map(({ id }) => id)];
  }

  return {
    async testWebhookEndpoint({ id }, call) {
      const endpoint = await findEndpoint(deps, id, call);
      return send(testEvent(endpoint, randomBytes(6).toString('hex'), clock.now()), endpoint);
    },

    async recoverWebhookEndpoint({ id, since }, call) {
      const endpoint = await findEndpoint(deps, id, call);
      assertEnabled(endpoint);
      let sent = 0;
      let last: WebhookEvent | null = null;
      for (;;) {
        const events: WebhookEvent[] = await webhookEvents.since(endpoint.ownerId, since, last, pageSize);
        sent += await recover(endpoint, events);
        last = events.at(-1) ?? last;
        if (events.length < pageSize) return { sent, next: null };
        if (sent >= maxResent) return { sent, next: last?.createdAt ?? null };
      }
    },

    async listWebhookDeliveries(query, call) {
      const found = await webhookDeliveries.list(ownerOfWebhooks(call), query);
      assertThat(found, 'invalid_request', `There is no delivery '${query.after}'.`, { param: 'after' });
      return { deliveries: found.slice(0, query.limit), hasMore: found.length > query.limit };
    },

    getWebhookDelivery: ({ id }, call) => find(id, call),

    async retryWebhookDelivery({ id }, call) {
      const delivery = await find(id, call);
      if (delivery.endpointId !== null) assertEnabled(await findEndpoint(deps, delivery.endpointId, call));
      const resent = delivery.status === 'pending' ? await hurry(delivery) : await resend(delivery.ownerId, id);
      return resent ?? find(id, call);
    },

    async retryWebhookDeliveries(range, call) {
      const ownerId = ownerOfWebhooks(call);
      const query = { ...range, receivers: await receiversIn(range, call) };
      let sent = 0;
      let last: DeliveryPlace | null = null;
      for (;;) {
        const failed: DeliveryPlace[] = await webhookDeliveries.failedIn(ownerId, query, last, pageSize);
        for (const { id } of failed) if (await resend(ownerId, id)) sent += 1;
        last = failed.at(-1) ?? last;
        if (failed.length < pageSize) return { sent, more: false };
        if (sent >= maxResent) return { sent, more: true };
      }
    },
  };
}

function assertEnabled({ id, status }: WebhookEndpoint): void {
  assertThat(status === 'enabled', 'conflict', `Webhook endpoint ${id} is disabled. Enable it first.`);
}

function missing(id: string): never {
  throw new GatewayError('not_found', `Delivery ${id} not found.`);
}
