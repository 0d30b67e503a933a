import { z } from 'zod';
import type { StoredError } from '../../core/errors.ts';
import { type Delivery, type DeliveryAttempt, deliveryStatuses } from '../../core/webhook.ts';
import { maybeSeconds, seconds, time } from './fields.ts';

const fault = z.object({ code: z.string(), message: z.string() }).nullable();

const attempt = z.object({
  at: time,
  duration_ms: z.number(),
  request_headers: z.record(z.string(), z.string()).describe('Without signatures.'),
  body_sha256: z.string(),
  status_code: z.int().nullable().describe('Null when no answer came.'),
  response_body: z.string().nullable().describe('The first 4 KiB.'),
  error: fault,
});

export const deliverySchema = z
  .object({
    id: z.string(),
    object: z.literal('webhook.delivery'),
    event: z.object({ id: z.string().describe('The `webhook-id` of every attempt.'), type: z.string() }),
    endpoint_id: z.string().nullable().describe('Null for the URL of a job.'),
    job_id: z.string().nullable(),
    url: z.string(),
    status: z.enum(deliveryStatuses),
    error: fault.describe('Why it was given up, with or without attempts; null while it was not.'),
    attempts: z.array(attempt),
    next_attempt_at: time.nullable(),
    created_at: time,
    completed_at: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event on its way to one receiver.' });

export function presentDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    object: 'webhook.delivery' as const,
    event: { id: delivery.eventId, type: delivery.eventType },
    endpoint_id: delivery.endpointId,
    job_id: delivery.jobId,
    url: delivery.url,
    status: delivery.status,
    error: presentFault(delivery.error),
    attempts: delivery.attempts.map(presentAttempt),
    next_attempt_at: maybeSeconds(delivery.nextAttemptAt),
    created_at: seconds(delivery.createdAt),
    completed_at: maybeSeconds(delivery.completedAt),
  };
}

function presentAttempt(made: DeliveryAttempt) {
  return {
    at: seconds(made.at),
    duration_ms: made.durationMs,
    request_headers: made.requestHeaders,
    body_sha256: made.bodySha256,
    status_code: made.statusCode,
    response_body: made.responseBody,
    error: presentFault(made.error),
  };
}

function presentFault(error: StoredError | null) {
  return error && { code: error.code, message: error.message };
}
