import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Metrics, OpenJobCounts } from '../../core/metrics.ts';
import { createJobMetrics } from './job-metrics.ts';
import { createModelMetrics } from './model-metrics.ts';
import { createUpstreamMetrics } from './upstream-metrics.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

/** The figures of this process: those of the product, of Node, and whatever else is registered. */
export function createMetrics(sources: { countOpenJobs(): Promise<OpenJobCounts> }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics: Metrics = {
    ...createJobMetrics(registry, sources.countOpenJobs),
    ...createWebhookMetrics(registry),
    ...createModelMetrics(registry),
    ...createUpstreamMetrics(registry),
  };
  return { metrics, registry };
}
