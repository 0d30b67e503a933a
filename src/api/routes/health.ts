import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import type { HealthReport } from '../../core/health.ts';
import type { Api } from '../context.ts';
import { type Route, route } from '../route.ts';
import { sendJson } from '../send-json.ts';

const shared = { method: 'GET', permission: 'public', tag: 'Server' } as const;
const ok = z.object({ status: z.literal('ok') });

const health = {
  ...shared,
  path: '/health',
  summary: 'Whether the server answers at all',
  response: ok,
} satisfies Operation;

const livez = {
  ...shared,
  path: '/livez',
  summary: 'Whether the process is alive; asks nothing of the engines',
  response: ok,
} satisfies Operation;

const readyz = {
  ...shared,
  path: '/readyz',
  summary: 'Whether the server takes requests; 503 when it does not',
  query: z.object({ verbose: z.string().optional().describe('Lists the checks.') }),
  response: z.object({
    status: z.enum(['ok', 'degraded', 'unavailable', 'draining']),
    checks: z
      .array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          required: z.boolean(),
          duration_ms: z.number(),
          detail: z.string().nullable(),
        }),
      )
      .optional(),
  }),
} satisfies Operation;

/** A stalled event loop answers late or never: the time limit of the probe is the check. */
export function healthRoutes(api: Api): Route[] {
  const answerOk = async ({ ctx }: Parameters<Route['handle']>[0]) => sendJson(ctx, 200, { status: 'ok' });
  return [
    route(health, answerOk),
    route(livez, answerOk),
    route(readyz, async ({ ctx, call, query }) => {
      const report = await api.verbs.checkHealth({}, call);
      const status = api.leaving.aborted ? 'draining' : report.status;
      const isReady = status === 'ok' || status === 'degraded';
      const checks = query.verbose === undefined ? {} : { checks: report.checks.map(presentCheck) };
      sendJson(ctx, isReady ? 200 : 503, { status, ...checks });
    }),
  ];
}

function presentCheck({ name, ok, required, durationMs, detail }: HealthReport['checks'][number]) {
  return { name, ok, required, duration_ms: durationMs, detail };
}
