/**
 * `npm start`: the engines, then API and worker; prints the addresses, keeps everything running, and ends everything
 * it started on Ctrl-C, SIGTERM or when its own starter is gone.
 */
import { join } from 'node:path';
import { type Config, loadConfig } from '../src/config.ts';
import { withConfigured } from './configured.ts';
import { openSession, type Session } from './launch/session.ts';
import { type EngineAddresses, startEngines } from './launch/start-engines.ts';
import { runMain } from './launcher-error.ts';
import { ensureModel } from './models/ensure-model.ts';
import { miniLm } from './models/locked-models.ts';
import { onParentGone } from './parent.ts';
import { ensurePortFree, findFreePorts } from './ports.ts';
import { type ProductProcess, type ProductRole, quickToStop, startProduct, waitUntilReady } from './product.ts';
import { createProgress } from './progress.ts';
import { deleteRecord, endRecorded, findRunning, takeLauncherLock, writeRecord } from './running.ts';
import { readSettings, type Settings } from './settings.ts';
import { supervise } from './supervise.ts';

const readyTimeoutMs = 120_000;
/** A worker forces its steps to end this long after it asked them to. */
const forceAfterMs = 5_000;
/** Connections are closed when nothing uses them any more. */
const closingMs = 2_000;
/** With the product's, as it is configured unless told otherwise, below 20 s. */
const engineGraceMs = 6_000;

const progress = createProgress();
const print = (text: string) => process.stdout.write(`${text}\n`);

/** Those that `npm run engines -- up` left running are used and outlive us; others are started, and end with us. */
async function findOrStartEngines(
  settings: Settings,
  session: Session,
): Promise<{ addresses: EngineAddresses; ours: boolean }> {
  const running = await findRunning(settings.dataDir);
  if (running) return { addresses: running.addresses, ours: false };
  await endRecorded(settings.dataDir);
  const engines = await startEngines(settings, { ports: 'fixed', session, progress });
  await writeRecord(settings.dataDir, engines);
  return { addresses: engines.addresses, ours: true };
}

function describeEnvironment(settings: Settings, addresses: EngineAddresses, modelDir: string): Record<string, string> {
  return {
    ...quickToStop,
    ...withConfigured(process.env),
    DATA_DIR: settings.dataDir,
    MODELS_DIR: join(modelDir, '..'),
    TEMPORAL_ADDRESS: addresses.temporal,
    MONGODB_URL: addresses.mongodb,
    ELASTICSEARCH_URL: addresses.elasticsearch,
    ...(addresses.temporalUi && { TEMPORAL_UI_URL: addresses.temporalUi }),
  };
}

/** Where the API will listen, from its own configuration; a port of 0 becomes a free one. */
async function chooseAddress({ host, port }: Config['http']): Promise<{ host: string; port: number }> {
  if (port === 0) return { host, port: (await findFreePorts(1))[0] ?? 0 };
  await ensurePortFree(port, 'the API', 'PORT');
  return { host, port };
}

const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

/** Everything that has to end, in order; filled while starting. */
interface Running {
  stopping: AbortController;
  session: Session;
  products: (() => ProductProcess)[];
  productGraceMs: number;
  enginesAreOurs: boolean;
  release(): void;
}

async function start(settings: Settings, running: Running): Promise<void> {
  const { session, stopping } = running;
  const [engines, modelDir] = await Promise.all([
    findOrStartEngines(settings, session),
    ensureModel(miniLm, settings, progress),
  ]);
  running.enginesAreOurs = engines.ours;
  const environment = describeEnvironment(settings, engines.addresses, modelDir);
  const config = loadConfig(environment);
  running.productGraceMs = productGraceOf(config);
  const { host, port } = await chooseAddress(config.http);
  const url = `http://${reachable(host)}:${port}`;

  const onLine = (line: string) => print(line);
  const launch = (role: ProductRole) =>
    startProduct(role, { environment: { ...environment, HOST: host, PORT: String(port) }, onLine, session });
  const keep = (first: ProductProcess) =>
    supervise(first, { start: () => launch(first.role), say: progress.say, signal: stopping.signal });
  const api = launch('api');
  running.products = [() => api, keep(launch('worker'))];
  // An API that does not even start is a failure to show, not one to repeat.
  await progress.step('Starting API and worker', () => waitUntilReady(`${url}/readyz`, api, readyTimeoutMs));
  running.products[0] = keep(api);

  print(`API          ${url}`);
  print(`API docs     ${url}/docs`);
  if (engines.addresses.temporalUi) print(`Temporal UI  ${engines.addresses.temporalUi}`);
  print(`ready ${url}`);
}

/** What API and worker are allowed to take by their own configuration. */
function productGraceOf({ http, worker }: Config): number {
  return Math.max(http.drainDelayMs + http.shutdownTimeoutMs, worker.shutdownGraceMs + forceAfterMs) + closingMs;
}

async function stop(settings: Settings, running: Running): Promise<void> {
  running.stopping.abort();
  await Promise.all(running.products.map((current) => current().stop(running.productGraceMs)));
  await running.session.endAll(engineGraceMs);
  if (running.enginesAreOurs) await deleteRecord(settings.dataDir);
  running.release();
}

await runMain(async () => {
  const settings = readSettings(withConfigured(process.env));
  const lock = takeLauncherLock(settings.dataDir, 'npm start');
  const running: Running = {
    stopping: new AbortController(),
    session: openSession(),
    products: [],
    productGraceMs: closingMs,
    enginesAreOurs: true,
    release: lock.release,
  };
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= stop(settings, running);
    return ending;
  };
  const endAndExit = () => {
    if (ending) return;
    progress.say('Ending everything');
    void end().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endAndExit);
  onParentGone(endAndExit);
  try {
    await start(settings, running);
  } catch (error) {
    // What fails because we end it is no failure.
    if (ending) return;
    await end();
    throw error;
  }
});
