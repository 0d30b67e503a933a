import { join } from 'node:path';
import { createVerbs } from '../activities/index.ts';
import { ConfigError, loadWorkerConfig } from '../config.ts';
import { createDeps } from '../deps.ts';
import { workflowBundle } from './bundle.ts';
import { prepareEngineMetrics } from './engine-metrics.ts';
import { serveHealth } from './health.ts';
import { installRuntime } from './runtime.ts';
import { untilAnswered } from './until-answered.ts';
import { createWorkers } from './worker.ts';

const reconcileEveryMs = 30_000;

async function main(): Promise<void> {
  const config = loadWorkerConfig();
  const deps = await createDeps(config, 'worker');
  const engineMetrics = config.worker.healthPort === null ? null : await prepareEngineMetrics();
  installRuntime(deps.log, engineMetrics?.bindAddress);
  const verbs = createVerbs(deps);
  const workers = await createWorkers(
    {
      ...config.temporal,
      shutdownGraceMs: config.worker.shutdownGraceMs,
      cpuSlots: config.documents.parserProcesses,
      bundle: await workflowBundle(join(config.dataDir, 'cache')),
    },
    verbs,
    deps.log,
  );
  // It may have gone away since the workers connected.
  await untilAnswered(() => deps.workflows.ensureReconciler(reconcileEveryMs), {
    log: deps.log,
    address: config.temporal.address,
  });
  const health =
    config.worker.healthPort === null
      ? null
      : await serveHealth(
          { ...config.worker, healthPort: config.worker.healthPort },
          {
            isReady: () => workers.isRunning(),
            readMetrics: async () => [await deps.metricsRegistry.metrics(), await engineMetrics?.read()].join('\n'),
          },
        );
  onceAsked(['SIGINT', 'SIGTERM'], () => workers.stop());
  deps.log.info({ queues: config.temporal.queuePrefix }, 'worker is ready');
  try {
    await workers.run();
  } finally {
    await health?.close();
    await deps.close();
  }
}

/** Calls `stop` at the first of these signals. The next has its default effect: whoever asks twice will not wait. */
function onceAsked(signals: readonly NodeJS.Signals[], stop: () => void): void {
  const asked = () => {
    for (const signal of signals) process.removeAllListeners(signal);
    stop();
  };
  for (const signal of signals) process.once(signal, asked);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  // A worker that cannot go on must not linger half alive: whoever supervises it starts a new one.
  process.stderr.write(
    error instanceof ConfigError ? `${error.message}\n` : `${String((error as Error)?.stack ?? error)}\n`,
  );
  process.exit(1);
}
