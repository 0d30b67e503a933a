import type { ChunkIndex } from '../adapters/elasticsearch/chunk-index.ts';
import type { Workflows } from '../adapters/temporal/client.ts';
import type { HealthCheck } from '../core/health.ts';
import type { Verbs } from '../core/verbs.ts';

const timeoutMs = 2_000;

export interface HealthDependencies {
  pingStore(): Promise<void>;
  chunkIndex: Pick<ChunkIndex, 'ping'>;
  workflows: Pick<Workflows, 'ping'>;
}

/** Without MongoDB nothing can be answered. Without the workflow engine jobs wait; without the index searches fail. */
export function createCheckHealth(deps: HealthDependencies): Verbs['checkHealth'] {
  return async () => {
    const checks = await Promise.all([
      check('mongodb', true, () => deps.pingStore()),
      check('temporal', false, () => deps.workflows.ping()),
      check('elasticsearch', false, () => deps.chunkIndex.ping(AbortSignal.timeout(timeoutMs))),
    ]);
    const missing = checks.filter((one) => !one.ok);
    const status = missing.length === 0 ? 'ok' : missing.some((one) => one.required) ? 'unavailable' : 'degraded';
    return { status, checks };
  };
}

async function check(name: string, required: boolean, ping: () => Promise<void>): Promise<HealthCheck> {
  const startedAt = performance.now();
  const detail = await Promise.race([
    ping().then(
      () => null,
      () => `${name} does not answer.`,
    ),
    after(timeoutMs, `${name} did not answer within ${timeoutMs} ms.`),
  ]);
  return { name, ok: detail === null, required, durationMs: Math.round(performance.now() - startedAt), detail };
}

function after(ms: number, detail: string): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, ms, detail).unref());
}
