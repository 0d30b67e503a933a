import { createVerbs } from '../activities/index.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { createDeps, loadMasterKey } from '../deps.ts';
import { startApi } from './start.ts';

async function main(): Promise<void> {
  const config = loadConfig();
  const masterKey = await loadMasterKey(config.masterKey, config.dataDir);
  const deps = await createDeps({ ...config, masterKey: masterKey.key }, 'api');
  const verbs = createVerbs(deps);
  const shortVerbs = config.shortCalls.where === 'worker' ? deps.shortCalls.over(verbs) : verbs;
  const api = await startApi(config, { verbs, shortVerbs, metrics: deps.metricsRegistry, log: deps.log });
  if (masterKey.createdIn) process.stdout.write(`master key (kept in ${masterKey.createdIn}): ${masterKey.key}\n`);
  process.stdout.write(`listening on ${api.url}\n`);
  await asked(['SIGINT', 'SIGTERM']);
  await api.stop();
  await deps.close();
}

/** Resolves at the first of these signals. The next has its default effect: whoever asks twice will not wait. */
async function asked(signals: readonly NodeJS.Signals[]): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
  for (const signal of signals) process.removeAllListeners(signal);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    error instanceof ConfigError ? `${error.message}\n` : `${String((error as Error)?.stack ?? error)}\n`,
  );
  process.exit(1);
}
