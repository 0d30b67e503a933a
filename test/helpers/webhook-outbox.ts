import type { Connection } from 'mongoose';
import { createWebhookDeliveryRepository } from '../../src/adapters/mongo/webhook-deliveries.ts';
import { createWebhookEndpointRepository } from '../../src/adapters/mongo/webhook-endpoints.ts';
import { createWebhookEventRepository } from '../../src/adapters/mongo/webhook-events.ts';
import { createWebhookOutbox, type WebhookOutbox } from '../../src/adapters/mongo/webhook-outbox.ts';

const retention = { retentionMs: 3_600_000 };

/** An outbox on repositories of its own, for those that write jobs. */
export function createTestOutbox(connection: Connection): WebhookOutbox {
  return createWebhookOutbox(connection, {
    endpoints: createWebhookEndpointRepository(connection),
    events: createWebhookEventRepository(connection, retention),
    deliveries: createWebhookDeliveryRepository(connection, retention),
  });
}
