import { METHODS } from 'node:http';
import type { Next } from 'koa';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Context } from '../context.ts';

/** OpenTelemetry's bounds for HTTP durations. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const knownMethods = new Set(METHODS);

/** Durations and requests under way, by the template of the operation: labels that callers cannot multiply. */
export function requestMetrics(registry: Registry) {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['http_route', 'http_request_method', 'http_response_status_code'],
    buckets,
    registers: [registry],
  });
  const active = new Gauge({
    name: 'http_server_active_requests',
    help: 'Requests under way.',
    labelNames: ['http_request_method'],
    registers: [registry],
  });
  return async function requestMetrics(ctx: Context, next: Next): Promise<void> {
    const method = knownMethods.has(ctx.method) ? ctx.method : '_OTHER';
    const startedAt = performance.now();
    active.inc({ http_request_method: method });
    ctx.res.once('close', () => {
      active.dec({ http_request_method: method });
      const labels = {
        http_route: ctx.state.operation?.path ?? 'unmatched',
        http_request_method: method,
        http_response_status_code: ctx.res.writableFinished ? ctx.res.statusCode : 499,
      };
      duration.observe(labels, (performance.now() - startedAt) / 1000);
    });
    await next();
  };
}
