/** Webhooks: who is told of what, and what is known of each message. Standard Webhooks on the wire. */
import type { StoredError } from './errors.ts';

/** `thin` names the thing that the event is about; `full` brings its result too, where that is small enough. */
export type WebhookPayload = 'thin' | 'full';

/** Where a caller wants to be told of one job; signed with the account's default secret. */
export interface JobWebhook {
  url: string;
  /** Types of events such as `job.completed`; empty for those that end a job. */
  events: readonly string[];
  payload: WebhookPayload;
}

export type DisabledReason = 'caller' | 'gone' | 'failing';

/** A receiver of all events of an account that its filter takes. Its secrets are not part of it: see the repository. */
export interface WebhookEndpoint {
  /** `we_…` */
  id: string;
  ownerId: number;
  url: string;
  description: string | null;
  /** Types of events; empty for all. */
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

/** Something that happened, in the words of the door its subject came in by. One id however often it is sent. */
export interface WebhookEvent {
  /** `evt_…`, made from what it is about, so that it is the same whoever makes it again. */
  id: string;
  ownerId: number;
  /** E.g. `job.completed`, `response.completed`. */
  type: string;
  createdAt: number;
  /** The `data` of the message. */
  data: Record<string, unknown>;
  /** Null for an event that no job caused, such as a test. */
  jobId: string | null;
  /** Place in the job's log; a receiver drops what is older than it has seen. */
  sequence: number | null;
}

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';

/** One event on its way to one receiver: `wh:{event}:{endpoint}`, or the job in place of the endpoint. */
export interface Delivery {
  id: string;
  ownerId: number;
  eventId: string;
  eventType: string;
  /** Null for the URL of a job. */
  endpointId: string | null;
  url: string;
  status: DeliveryStatus;
  attempts: readonly DeliveryAttempt[];
  /** Null when no further one is planned. */
  nextAttemptAt: number | null;
  createdAt: number;
  completedAt: number | null;
}

export interface DeliveryAttempt {
  at: number;
  durationMs: number;
  /** Null when no answer came. */
  statusCode: number | null;
  /** The first 4 KiB of the answer's body, redacted. */
  responseBody: string | null;
  error: StoredError | null;
}
