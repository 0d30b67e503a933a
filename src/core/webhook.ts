/** Webhooks: who is told of what, and what is known of each message. Standard Webhooks on the wire. */
import type { StoredError } from './errors.ts';

/** `thin` names the thing that the event is about; `full` brings its result too, where that is small enough. */
export const webhookPayloads = ['thin', 'full'] as const;
export type WebhookPayload = (typeof webhookPayloads)[number];

/** Where a caller wants to be told of one job; signed with the account's default secret. */
export interface JobWebhook {
  url: string;
  /** Types or patterns of events, see `webhooks/filter.ts`. */
  events: readonly string[];
  payload: WebhookPayload;
}

/** A job's URL with how far the message about its end has come. */
export interface JobWebhookState extends JobWebhook {
  /** `waiting` until there is something to tell, `pending` from then until it was taken or given up. */
  status: 'waiting' | 'pending' | 'delivered' | 'failed';
  attempts: number;
}

export type DisabledReason = 'caller' | 'gone' | 'failing';

/** A receiver of all events of an account that its filter takes. Its secrets are not part of it: see the repository. */
export interface WebhookEndpoint {
  /** `we_…` */
  id: string;
  ownerId: number;
  url: string;
  description: string | null;
  /** Types or patterns of events, see `webhooks/filter.ts`. */
  events: readonly string[];
  payload: WebhookPayload;
  status: 'enabled' | 'disabled';
  /** Why it is disabled; null while it is not. */
  disabledReason: DisabledReason | null;
  /** Since when nothing has arrived; null after a success. */
  failingSince: number | null;
  consecutiveFailures: number;
  createdAt: number;
  updatedAt: number;
}

export type NewWebhookEndpoint = Pick<WebhookEndpoint, 'url' | 'description' | 'events' | 'payload'>;

/** What is left out stays as it is. Enabling forgets earlier failures. */
export type WebhookEndpointChanges = Partial<NewWebhookEndpoint & Pick<WebhookEndpoint, 'status'>>;

/** A secret as it is stored. The first of a list signs alone once the others' time is over. */
export interface SealedSecret {
  sealed: string;
  createdAt: number;
  /** When it stops to sign, after a rotation; null for the current one. */
  expiresAt: number | null;
}

/** Something that happened, in the words of the door its subject came in by. One id however often it is sent. */
export interface WebhookEvent {
  /** `evt_…`, made from what it is about, so that it is the same whoever makes it again. Never contains a dot. */
  id: string;
  ownerId: number;
  /** One of `webhookEventTypes`. */
  type: string;
  createdAt: number;
  /** The `data` of a thin message. */
  data: Record<string, unknown>;
  /** Null for an event that no job caused, such as a test. */
  jobId: string | null;
  /** Place in the job's log; a receiver drops what is older than it has seen. */
  sequence: number | null;
}

export const deliveryStatuses = ['pending', 'succeeded', 'failed'] as const;
type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One event on its way to one receiver. */
export interface Delivery {
  /** `wh:{event}:{endpoint}`, or the job in place of the endpoint: see `deliveryIdOf`. */
  id: string;
  ownerId: number;
  eventId: string;
  eventType: string;
  /** Null for the URL of a job. */
  endpointId: string | null;
  /** Null for an event that no job caused. */
  jobId: string | null;
  /** Place of the event in the job's log. */
  sequence: number | null;
  /** Raised whenever it is sent anew; what an older run reports is void. */
  run: number;
  /** How many attempts this run has made: its place in the schedule. */
  step: number;
  /** How many all runs have made; the log may have forgotten the first of them. */
  tries: number;
  /** Where it went last; the endpoint's URL may have changed since. */
  url: string;
  status: DeliveryStatus;
  attempts: readonly DeliveryAttempt[];
  /** Null when no further one is planned. */
  nextAttemptAt: number | null;
  /** Why it was given up, with or without attempts; null while it was not. */
  error: StoredError | null;
  createdAt: number;
  completedAt: number | null;
}

/** How far a delivery is, for whoever sends it again. */
export type DeliveryState = Pick<Delivery, 'id' | 'ownerId' | 'run' | 'status' | 'nextAttemptAt' | 'createdAt'>;

export interface DeliveryAttempt {
  at: number;
  durationMs: number;
  /** What was sent; signatures are left out. */
  requestHeaders: Record<string, string>;
  /** Lower-case hex of the exact bytes sent. */
  bodySha256: string;
  /** Null when no answer came. */
  statusCode: number | null;
  /** The first 4 KiB of the answer's body, redacted. */
  responseBody: string | null;
  error: StoredError | null;
}

/** A page of a list by time of creation. */
export interface WebhookPage {
  limit: number;
  order: 'asc' | 'desc';
  /** Answers what follows the thing of this id in that order. */
  after: string | null;
}

export interface DeliveryQuery extends WebhookPage {
  endpointId: string | null;
  jobId: string | null;
  eventType: string | null;
  status: DeliveryStatus | null;
}

/** Deliveries that were created in a time, `until` excluded. */
export interface DeliveryRange {
  /** Null for those to all endpoints and URLs of jobs. */
  endpointId: string | null;
  since: number;
  until: number;
}

/** A key that proves who sent a message to those who cannot keep a secret. */
export interface WebhookKey {
  /** `whpk_` and base64 of the 32 bytes of an ed25519 key. */
  publicKey: string;
  /** A retiring one signs beside the current one until it is taken out of the configuration. */
  status: 'current' | 'retiring';
}

/** Where a message goes, and how it looks there. */
export interface Receiver {
  endpointId: string | null;
  url: string;
  events: readonly string[];
  payload: WebhookPayload;
}

/** The id of the delivery of an event: the same whoever writes it down again. Names its workflow, too. */
export function deliveryIdOf(event: Pick<WebhookEvent, 'id' | 'jobId'>, endpointId: string | null): string {
  return `wh:${event.id}:${endpointId ?? event.jobId ?? ''}`;
}

/** A delivery at its beginning: not yet attempted, due at once. */
export function newDelivery(event: WebhookEvent, { endpointId, url }: Receiver, now: number): Delivery {
  return {
    id: deliveryIdOf(event, endpointId),
    ownerId: event.ownerId,
    eventId: event.id,
    eventType: event.type,
    endpointId,
    jobId: event.jobId,
    sequence: event.sequence,
    run: 0,
    step: 0,
    tries: 0,
    url,
    status: 'pending',
    attempts: [],
    nextAttemptAt: now,
    error: null,
    createdAt: now,
    completedAt: null,
  };
}
