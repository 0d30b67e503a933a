import { randomBytes } from 'node:crypto';
import type { WebhookEndpoint, WebhookEvent } from '../../src/core/webhook.ts';
import { allEvents } from '../../src/core/webhooks/filter.ts';

/** An event like any other, but for what the test says. */
export function buildWebhookEvent(changes: Partial<WebhookEvent> = {}): WebhookEvent {
  return {
    id: `evt_${randomBytes(8).toString('hex')}_3_job`,
    ownerId: 7,
    type: 'job.completed',
    createdAt: 1_763_700_002_000,
    data: { id: 'job_01k00000000000000000000000000', object: 'job', status: 'completed' },
    jobId: 'job_01k00000000000000000000000000',
    sequence: 3,
    ...changes,
  };
}

/** An endpoint like any other, but for what the test says. */
export function buildWebhookEndpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: `we_${randomBytes(16).toString('hex')}`,
    ownerId: 7,
    url: 'https://example.com/hook',
    description: null,
    events: allEvents,
    payload: 'thin',
    status: 'enabled',
    disabledReason: null,
    failingSince: null,
    consecutiveFailures: 0,
    createdAt: 1_763_700_000_000,
    updatedAt: 1_763_700_000_000,
    ...changes,
  };
}

/** What the API answers about an endpoint. */
export interface PresentedEndpoint {
  id: string;
  url: string;
  description: string | null;
  events: string[];
  payload: string;
  status: string;
  disabled_reason: string | null;
  failing_since: number | null;
  consecutive_failures: number;
  created_at: number;
  updated_at: number;
  secret?: string;
}

/** What the API answers about a delivery. */
export interface PresentedDelivery {
  id: string;
  event: { id: string; type: string };
  endpoint_id: string | null;
  job_id: string | null;
  url: string;
  status: string;
  error: { code: string; message: string } | null;
  attempts: { status_code: number | null }[];
  next_attempt_at: number | null;
  created_at: number;
  completed_at: number | null;
}

export interface PresentedList<Item> {
  data: Item[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}
