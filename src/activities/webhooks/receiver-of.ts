import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { WebhookEndpointRepository } from '../../adapters/mongo/webhook-endpoints.ts';
import { GatewayError, type StoredError, storeError } from '../../core/errors.ts';
import type { Delivery, WebhookPayload } from '../../core/webhook.ts';
import { healthy, type ReceiverHealth } from '../../core/webhooks/receiver-health.ts';

export interface ReceiverDependencies {
  jobs: JobRepository;
  webhookEndpoints: WebhookEndpointRepository;
}

/** Where a delivery goes now: its receiver may have moved since the event. */
export interface CurrentReceiver {
  url: string;
  payload: WebhookPayload;
  health: ReceiverHealth;
  /** Whose calls share a lane: an endpoint's, or those of one account's jobs to one origin. */
  lane: string;
}

/** The receiver, or why there is none (any more). */
export async function receiverOf(
  deps: ReceiverDependencies,
  { ownerId, endpointId, jobId, eventType, url }: Delivery,
): Promise<CurrentReceiver | { reason: StoredError }> {
  if (endpointId === null) {
    const job = jobId === null ? null : await deps.jobs.find(ownerId, jobId);
    const lane = `${ownerId} ${new URL(url).origin}`;
    return { url, payload: job?.webhook?.payload ?? 'thin', health: healthy, lane };
  }
  const endpoint = await deps.webhookEndpoints.find(ownerId, endpointId);
  if (!endpoint) return { reason: reasons.deleted };
  // A test that was asked for is sent all the same.
  if (endpoint.status === 'disabled' && eventType !== 'endpoint.test') return { reason: reasons.disabled };
  return { url: endpoint.url, payload: endpoint.payload, health: endpoint, lane: endpoint.id };
}

/** Why something is given up without (another) attempt. */
export const reasons = {
  deleted: storeError(new GatewayError('not_found', 'The endpoint was deleted.')),
  disabled: storeError(new GatewayError('conflict', 'The endpoint is disabled.')),
  forgotten: storeError(new GatewayError('not_found', 'The event is past its retention.')),
  unreadable: storeError(
    new GatewayError('conflict', 'No secret of this receiver can be read. Rotate it, then send this again.'),
  ),
} as const;
