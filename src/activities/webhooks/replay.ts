import { randomBytes } from 'node:crypto';
import type { Call } from '../../core/call.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { WebhookVerbs } from '../../core/verbs.ts';
import {
  type Delivery,
  type DeliveryRange,
  type DeliveryState,
  newDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../core/webhook.ts';
import { testEvent } from '../../core/webhooks/events.ts';
import { findEndpoint, ownerOfWebhooks, type WebhookDependencies } from './dependencies.ts';
import { createResend } from './resend.ts';

type ReplayVerbs = Pick<
  WebhookVerbs,
  | 'testWebhookEndpoint'
  | 'recoverWebhookEndpoint'
  | 'listWebhookDeliveries'
  | 'getWebhookDelivery'
  | 'retryWebhookDelivery'
  | 'retryWebhookDeliveries'
>;

/** Of one call that sends many: its caller waits for it, and asks again for the rest. */
export interface ReplayLimits {
  /** What is looked at between two looks at the limits. */
  pageSize: number;
  maxSent: number;
  maxMs: number;
}

const standardLimits: ReplayLimits = { pageSize: 500, maxSent: 10_000, maxMs: 20_000 };

/** What was sent to receivers, and sending it again. */
export function createReplayVerbs(deps: WebhookDependencies, limits = standardLimits): ReplayVerbs {
  const { webhookEvents, webhookDeliveries, deliveries, clock } = deps;
  const { pageSize } = limits;
  const resend = createResend(deps);

  /** Stored as pending first: what cannot be begun now is found by the sweep. */
  async function send(event: WebhookEvent, endpoint: WebhookEndpoint): Promise<Delivery> {
    const { id: endpointId, ...receiver } = endpoint;
    const delivery = newDelivery(event, { ...receiver, endpointId }, clock.now());
    await webhookEvents.insert([event]);
    await webhookDeliveries.insert([delivery]);
    deliveries.soon(delivery);
    return delivery;
  }

  async function find(id: string, call: Call): Promise<Delivery> {
    const delivery = await webhookDeliveries.find(ownerOfWebhooks(call), id);
    return delivery ?? missing(id);
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

  /**
   * Sends page by page what `read` finds behind the last of the page before, until nothing is left or a limit is
   * reached: `last` is what to go on behind then, and null otherwise.
   */
  async function sendPages<T>(
    call: Call,
    read: (after: T | null) => Promise<T[]>,
    sendPage: (page: readonly T[]) => Promise<number>,
  ): Promise<{ sent: number; last: T | null }> {
    const end = clock.now() + limits.maxMs;
    let sent = 0;
    let last: T | null = null;
    for (;;) {
      call.signal.throwIfAborted();
      const page: T[] = await read(last);
      sent += await sendPage(page);
      if (page.length < pageSize) return { sent, last: null };
      last = page.at(-1) ?? null;
      if (sent >= limits.maxSent || clock.now() >= end) return { sent, last };
    }
  }

  return {
    async testWebhookEndpoint({ id }, call) {
      const endpoint = await findEndpoint(deps, id, call);
      return send(testEvent(endpoint, randomBytes(6).toString('hex'), clock.now()), endpoint);
    },

    async recoverWebhookEndpoint({ id, since }, call) {
      const endpoint = await findEndpoint(deps, id, call);
      assertEnabled(endpoint);
      const { sent, last } = await sendPages<WebhookEvent>(
        call,
        (after) => webhookEvents.since(endpoint.ownerId, since, after, pageSize),
        (events) => resend.missed(endpoint, events, call.signal),
      );
      return { sent, next: last?.createdAt ?? null };
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
      return (await resend.again(delivery)) ?? find(id, call);
    },

    async retryWebhookDeliveries(range, call) {
      const query = { ...range, receivers: await receiversIn(range, call) };
      const { sent, last } = await sendPages<DeliveryState>(
        call,
        (after) => webhookDeliveries.failedIn(ownerOfWebhooks(call), query, after, pageSize),
        (failed) => resend.all(failed, call.signal),
      );
      return { sent, more: last !== null };
    },
  };
}

function assertEnabled({ id, status }: WebhookEndpoint): void {
  assertThat(status === 'enabled', 'conflict', `Webhook endpoint ${id} is disabled. Enable it first.`);
}

function missing(id: string): never {
  throw new GatewayError('not_found', `Delivery ${id} not found.`);
}
