import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createVerbs } from '../activities/index.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { createDeps } from '../deps.ts';
import { dialects } from '../protocols/index.ts';
import { createApp } from './app.ts';
import { startDispatchLoop } from './dispatch-loop.ts';
import { startServer } from './server.ts';

async function main(): Promise<void> {
  const config = loadConfig();
  const masterKeyFile = join(config.dataDir, 'master-key');
  const makesMasterKey = config.masterKey === null && !existsSync(masterKeyFile);
  const deps = await createDeps(config, 'api');
  const verbs = createVerbs(deps);
  const draining = new AbortController();
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });

  const app = createApp({ verbs, dialects, settings: config, log: deps.log, metrics, draining: draining.signal });
  const server = await startServer(app.handler, config.http);
  const dispatching = startDispatchLoop(verbs, config.jobs, deps.log);
  if (makesMasterKey) process.stdout.write(`master key (kept in ${masterKeyFile}): ${deps.masterKey}\n`);
  process.stdout.write(`listening on ${server.url}\n`);

  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // The same signal again has its default effect: an operator who asks twice does not want to wait.
      draining.abort();
      stopped.resolve();
    });
  }
  await stopped.promise;
  await dispatching.stop();
  await server.close();
  await deps.close();
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    error instanceof ConfigError ? `${error.message}\n` : `${String((error as Error)?.stack ?? error)}\n`,
  );
  process.exit(1);
}
