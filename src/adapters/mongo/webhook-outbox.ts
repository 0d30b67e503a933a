import type { ClientSession, Connection } from 'mongoose';
import { isTerminal, type Job, type JobEvent } from '../../core/job.ts';
import {
  type Delivery,
  type DisabledReason,
  type JobWebhook,
  newDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../../core/webhook.ts';
import { audienceOf } from '../../core/webhooks/audience.ts';
import { disabledEvent, webhookEventsOf } from '../../core/webhooks/events.ts';
import type { WebhookDeliveryRepository } from './webhook-deliveries.ts';
import type { CalledEndpoint, WebhookEndpointRepository } from './webhook-endpoints.ts';
import type { WebhookEventRepository } from './webhook-events.ts';

export interface OutboxRepositories {
  endpoints: WebhookEndpointRepository;
  events: WebhookEventRepository;
  deliveries: WebhookDeliveryRepository;
}

/** What happened to a job, as the transaction that wrote it down knows it. */
export interface JobNews {
  /** As it is after `lines`. */
  job: Job;
  lines: readonly JobEvent[];
  /** The body of the job's result, wherever that is kept. */
  answer: unknown;
  /** All of the owner's. */
  endpoints: readonly WebhookEndpoint[];
}

/**
 * What is owed to receivers, written in the very transaction of what they are to be told of: either both are there or
 * neither. A delivery that is pending and that no workflow was started for is the mark of what is left to do.
 */
export function createWebhookOutbox(connection: Connection, { endpoints, events, deliveries }: OutboxRepositories) {
  const listeners = new Set<(owed: readonly Delivery[]) => void>();

  async function put(
    all: readonly WebhookEvent[],
    known: readonly WebhookEndpoint[],
    jobWebhook: JobWebhook | null,
    session: ClientSession,
  ): Promise<Delivery[]> {
    const told = all
      .map((event) => ({ event, ...audienceOf(event, known, jobWebhook) }))
      .filter(({ isKept }) => isKept);
    const owed = told.flatMap(({ event, receivers }) =>
      receivers.map((receiver) => newDelivery(event, receiver, event.createdAt)),
    );
    await events.insert(
      told.map(({ event }) => event),
      session,
    );
    await deliveries.insert(owed, session);
    return owed;
  }

  return {
    endpointsOf: (ownerId: number) => endpoints.of(ownerId),

    tell(session: ClientSession, { job, lines, answer, endpoints: known }: JobNews): Promise<Delivery[]> {
      const all = lines.flatMap((line) => webhookEventsOf(job, line, answer));
      return put(all, known, job.webhook, session);
    },

    /** Ends the calls on an endpoint, and tells the owner's others. Null when it was disabled already, has moved or is gone. */
    async disable(called: CalledEndpoint, reason: DisabledReason, now: number): Promise<WebhookEndpoint | null> {
      const done = await connection.transaction(async (session: ClientSession) => {
        const endpoint = await endpoints.disable(called, reason, now, session);
        if (!endpoint) return null;
        const known = await endpoints.of(called.ownerId, session);
        return { endpoint, owed: await put([disabledEvent(endpoint, reason, now)], known, null, session) };
      });
      if (done) this.announce(done.owed);
      return done?.endpoint ?? null;
    },

    /** For whoever starts what was written, once it is committed. */
    onOwed(listener: (owed: readonly Delivery[]) => void): void {
      listeners.add(listener);
    },

    announce(owed: readonly Delivery[]): void {
      if (owed.length > 0) for (const listener of listeners) listener(owed);
    },
  };
}

export type WebhookOutbox = ReturnType<typeof createWebhookOutbox>;

/** Whether the URL that the job was submitted with is to be told of its end. */
export function owesJobItsEnd({ status, lastSequence }: Job, owed: readonly Delivery[]): boolean {
  return (
    isTerminal(status) && owed.some(({ endpointId, sequence }) => endpointId === null && sequence === lastSequence)
  );
}
