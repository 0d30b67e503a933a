import { Counter, Histogram, type Registry } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';

type WebhookMetrics = Pick<Metrics, 'webhookAttempted' | 'webhookFirstTried'>;

/** From an ordinary delivery to one that waited for an outage to end. */
const delayBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];

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
    help: 'From when a webhook was owed to the first try to deliver it.',
    buckets: delayBuckets,
    registers,
  });
  return {
    webhookAttempted: (outcome) => attempts.inc({ outcome }),
    webhookFirstTried: (delayMs) => delay.observe(delayMs / 1_000),
  };
}
