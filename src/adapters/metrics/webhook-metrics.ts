import { Counter, Histogram, type Registry } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';

type WebhookMetrics = Pick<Metrics, 'webhookAttempted' | 'webhookDelivered'>;

/** From an ordinary delivery to the last try of one, days later. */
const delayBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 28_800, 86_400, 259_200];

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'gateway_webhook_attempts_total',
    help: 'Tries to deliver a webhook by how they ended.',
    labelNames: ['outcome'],
    registers,
  });
  const delay = new Histogram({
    name: 'gateway_webhook_delay_seconds',
    help: 'From what a webhook tells of to its arrival.',
    buckets: delayBuckets,
    registers,
  });
  return {
    webhookAttempted: (outcome) => attempts.inc({ outcome }),
    webhookDelivered: (delayMs) => delay.observe(delayMs / 1_000),
  };
}
