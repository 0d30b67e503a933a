/** Everything at once on free ports: engines, one API, workers. For the demo, the fault tests and the benchmarks. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteEngineData } from './launch/engine-data.ts';
import { openSession } from './launch/session.ts';
import { startEngines } from './launch/start-engines.ts';
import { ensureModel } from './models/ensure-model.ts';
import { miniLm } from './models/locked-models.ts';
import { findFreePorts } from './ports.ts';
import { type ProductProcess, quickToStop, startProduct, waitUntilReady } from './product.ts';
import type { Progress } from './progress.ts';
import { type Addresses, readSettings, type Settings } from './settings.ts';

const readyTimeoutMs = 60_000;
const stopGraceMs = 18_000;
const engineGraceMs = 10_000;

export interface StackOptions {
  /** Names the data folder under `.data/`; what an earlier stack of the name left there is deleted. */
  name: string;
  workers: number;
  progress: Progress;
  /** Configuration beside addresses and keys, as environment variables. */
  environment?: Record<string, string>;
  /** `quick` starts sooner and searches slower; see `Settings`. */
  elasticsearchCompiler?: Settings['elasticsearchCompiler'];
  /** Gets what the processes print. */
  onLine?(line: string, role: string): void;
}

export interface Stack {
  url: string;
  masterKey: string;
  addresses: Required<Addresses>;
  dataDir: string;
  api: ProductProcess;
  workers: ProductProcess[];
  /** Starts one more worker; resolves at once. */
  addWorker(): ProductProcess;
  /** A new API process on the same address; resolves when it answers. */
  restartApi(): Promise<void>;
  /** Ends everything and deletes the data. */
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const base = readSettings();
  const dataDir = join(base.projectDir, '.data', options.name);
  const settings = { ...base, dataDir, elasticsearchCompiler: options.elasticsearchCompiler ?? 'full' };
  const session = openSession();
  try {
    await deleteEngineData(dataDir);
    await rm(dataDir, { recursive: true, force: true });
    const [{ addresses }, modelDir, [port = 0]] = await Promise.all([
      startEngines(settings, { ports: 'free', session, progress: options.progress }),
      ensureModel(miniLm, settings, options.progress),
      findFreePorts(1),
    ]);
    const masterKey = `master-${randomBytes(24).toString('hex')}`;
    const environment = {
      HOST: '127.0.0.1',
      PORT: String(port),
      MASTER_KEY: masterKey,
      DATA_DIR: dataDir,
      MODELS_DIR: join(modelDir, '..'),
      MONGODB_URL: addresses.mongodb,
      TEMPORAL_ADDRESS: addresses.temporal,
      ELASTICSEARCH_URL: addresses.elasticsearch,
      LOG_LEVEL: 'warn',
      ...quickToStop,
      ...options.environment,
    };
    const url = `http://127.0.0.1:${port}`;
    const product = { environment, session, onLine: options.onLine ?? (() => undefined) };
    const workers: ProductProcess[] = [];
    const addWorker = () => {
      const worker = startProduct('worker', product);
      workers.push(worker);
      return worker;
    };
    const startApi = async () => {
      const api = startProduct('api', product);
      await waitUntilReady(`${url}/readyz`, api, readyTimeoutMs);
      return api;
    };
    const api = startApi();
    for (let count = 0; count < options.workers; count += 1) addWorker();
    const stack: Stack = {
      url,
      masterKey,
      addresses,
      dataDir,
      api: await options.progress.step('Starting API and workers', () => api),
      workers,
      addWorker,
      async restartApi() {
        stack.api = await startApi();
      },
      async stop() {
        await Promise.all([stack.api, ...workers].map((process) => process.stop(stopGraceMs)));
        await session.endAll(engineGraceMs);
        await deleteEngineData(dataDir);
        await rm(dataDir, { recursive: true, force: true });
      },
    };
    return stack;
  } catch (error) {
    await session.endAll(engineGraceMs);
    throw error;
  }
}
