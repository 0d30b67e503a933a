import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';

const metrics = {
  method: 'GET',
  path: '/metrics',
  permission: 'metrics',
  tag: 'Server',
  summary: 'Figures of this process, for Prometheus',
  response: z.string(),
} satisfies Operation;

export function metricsRoute(api: Api): Route {
  return route({ ...metrics, mediaType: 'text/plain' }, async ({ ctx }) => {
    ctx.set('Content-Type', api.metrics.contentType);
    ctx.body = await api.metrics.metrics();
  });
}
