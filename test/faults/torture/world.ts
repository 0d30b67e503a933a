/** Everything a run has: engines of its own, two API and two worker processes, a vendor, and a breakable link between each. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { deleteEngineData } from '../../../engines/launch/engine-data.ts';
import { openSession, type Session } from '../../../engines/launch/session.ts';
import { startEngines } from '../../../engines/launch/start-engines.ts';
import { findFreePorts } from '../../../engines/ports.ts';
import { createProgress } from '../../../engines/progress.ts';
import { readSettings } from '../../../engines/settings.ts';
import type { FakeUpstream } from '../../helpers/fake-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type OwnedEngine, openEngines } from './owned-engines.ts';
import { startProvider } from './provider.ts';
import { startReceiver, type TortureReceiver } from './receiver.ts';
import { type Supervised, supervise } from './supervised.ts';

export const linkNames = [
  'client-api-1',
  'client-api-2',
  'api-mongodb',
  'worker-mongodb',
  'api-temporal',
  'worker-temporal',
  'api-elasticsearch',
  'worker-elasticsearch',
  'gateway-provider',
  'worker-receiver',
] as const;
export type LinkName = (typeof linkNames)[number];

export const chatModel = 'torture-chat';
export const embeddingModel = 'torture-embed';

export interface World {
  directory: string;
  database: string;
  indexPrefix: string;
  masterKey: string;
  /** Texts that must not be found anywhere but where they belong. */
  secrets: Record<string, string>;
  apis: readonly Supervised[];
  workers: readonly Supervised[];
  engines: Record<OwnedEngine['name'], OwnedEngine>;
  elasticsearchUrl: string;
  /** Not over a proxy: for whoever looks at what is stored. */
  mongodbUrl: string;
  temporalAddress: string;
  provider: FakeUpstream;
  receiver: TortureReceiver;
  links: Record<LinkName, FaultProxy>;
  /** As a client reaches them: over their links. */
  urls: readonly string[];
  /** The same without the links. */
  directUrls: readonly string[];
  heal(): void;
  /** Resolves when every process and engine runs and both APIs answer `/readyz` with 200. */
  ready(timeoutMs: number): Promise<void>;
  /** Ends everything; deletes what it wrote unless told to keep it. */
  close(keep: boolean): Promise<void>;
}

export interface WorldOptions {
  /** Names the folder below `.data/`. */
  name: string;
  random?: () => number;
  /** Laid over the configuration of the run. */
  configuration?: Record<string, unknown>;
  onLine?(line: string, process: string): void;
}

const engineGraceMs = 10_000;
const startTimeoutMs = 120_000;

export async function openWorld({ name, random, configuration, onLine }: WorldOptions): Promise<World> {
  const base = readSettings();
  const directory = join(base.projectDir, '.data', name);
  const session = openSession();
  await rm(directory, { recursive: true, force: true });
  for (const folder of ['logs', 'tmp', 'data']) await mkdir(join(directory, folder), { recursive: true });
  try {
    const [engines, elasticsearchUrl, provider, receiver, ports] = await Promise.all([
      openEngines(directory, session),
      findElasticsearch(directory, session),
      startProvider(),
      startReceiver(),
      findFreePorts(2),
    ]);
    await Promise.all([engines.mongodb.start(), engines.temporal.start()]);
    const targets: Record<LinkName, number> = {
      'client-api-1': ports[0] ?? 0,
      'client-api-2': ports[1] ?? 0,
      'api-mongodb': engines.mongodb.port,
      'worker-mongodb': engines.mongodb.port,
      'api-temporal': engines.temporal.port,
      'worker-temporal': engines.temporal.port,
      'api-elasticsearch': Number(new URL(elasticsearchUrl).port),
      'worker-elasticsearch': Number(new URL(elasticsearchUrl).port),
      'gateway-provider': Number(new URL(provider.url).port),
      'worker-receiver': receiver.port,
    };
    const links = Object.fromEntries(
      await Promise.all(linkNames.map(async (link) => [link, await startFaultProxy(targets[link], random)])),
    ) as Record<LinkName, FaultProxy>;

    const unique = randomBytes(5).toString('hex');
    const secrets = {
      masterKey: `master-${randomBytes(24).toString('hex')}`,
      providerKey: `sk-canary-${randomBytes(24).toString('hex')}`,
    };
    const compileCache = join(base.projectDir, '.data/compile-cache');
    const isCompiled = existsSync(compileCache);
    const configurationFile = join(directory, 'switchyard.yaml');
    await writeFile(configurationFile, stringify({ ...models(links, secrets.providerKey), ...configuration }));
    const common = {
      SWITCHYARD_CONFIG: configurationFile,
      HOST: '127.0.0.1',
      MASTER_KEY: secrets.masterKey,
      DATA_DIR: join(directory, 'data'),
      TMPDIR: join(directory, 'tmp'),
      MONGODB_DATABASE: `torture_${unique}`,
      TEMPORAL_QUEUE_PREFIX: `torture_${unique}`,
      ELASTICSEARCH_INDEX_PREFIX: `torture_${unique}`,
      MODELS_DIR: base.modelsDir,
      PARSER_PROCESSES: '1',
      LOG_LEVEL: 'info',
      // A process that is killed every few seconds spends half of its life on compiling otherwise.
      NODE_COMPILE_CACHE: compileCache,
    };
    const start = (role: 'api' | 'worker', number: number, own: Record<string, string>) =>
      supervise({
        name: `${role}-${number}`,
        role,
        session,
        logFile: join(directory, 'logs', `${role}-${number}.log`),
        environment: {
          ...common,
          MONGODB_URL: `mongodb://${links[`${role}-mongodb`].address}/?directConnection=true`,
          TEMPORAL_ADDRESS: links[`${role}-temporal`].address,
          ELASTICSEARCH_URL: `http://${links[`${role}-elasticsearch`].address}`,
          ...own,
        },
        onLine: (line) => onLine?.(line, `${role}-${number}`),
      });
    const apis = ports.map((port, index) => start('api', index + 1, { PORT: String(port) }));
    const workers = [1, 2].map((number) => start('worker', number, {}));
    const processes = [...apis, ...workers];
    const directUrls = ports.map((port) => `http://127.0.0.1:${port}`);

    const world: World = {
      directory,
      database: common.MONGODB_DATABASE,
      indexPrefix: common.ELASTICSEARCH_INDEX_PREFIX,
      masterKey: secrets.masterKey,
      secrets,
      apis,
      workers,
      engines,
      elasticsearchUrl,
      mongodbUrl: `mongodb://127.0.0.1:${engines.mongodb.port}/?directConnection=true`,
      temporalAddress: `127.0.0.1:${engines.temporal.port}`,
      provider,
      receiver,
      links,
      urls: [`http://${links['client-api-1'].address}`, `http://${links['client-api-2'].address}`],
      directUrls,
      heal() {
        for (const link of Object.values(links)) link.break(null);
        for (const process of processes) process.wake();
      },
      async ready(timeoutMs) {
        await waitFor(
          'every process, and both APIs ready',
          async () => {
            if (!processes.every((process) => process.isRunning())) return false;
            const answers = await Promise.all(directUrls.map((url) => statusOf(`${url}/readyz`)));
            return answers.every((status) => status === 200);
          },
          timeoutMs,
        );
      },
      async close(keep) {
        world.heal();
        await Promise.all(processes.map((process) => process.end(engineGraceMs)));
        await session.endAll(engineGraceMs);
        await Promise.all([provider.close(), receiver.close(), ...Object.values(links).map((link) => link.close())]);
        await deleteIndexes(elasticsearchUrl, common.ELASTICSEARCH_INDEX_PREFIX);
        await deleteEngineData(directory);
        if (!keep) await rm(directory, { recursive: true, force: true });
      },
    };
    await warmUp(world, isCompiled).catch(async (error: unknown) => {
      await world.close(true);
      throw error;
    });
    return world;
  } catch (error) {
    await session.endAll(engineGraceMs);
    throw error;
  }
}

/** What was compiled is written down by a process that ends by itself, which those that are killed never do. */
async function warmUp(world: World, isCompiled: boolean): Promise<void> {
  await world.ready(startTimeoutMs);
  if (isCompiled) return;
  await Promise.all([...world.apis, ...world.workers].slice(1, 3).map((process) => process.restart(engineGraceMs)));
  await world.ready(startTimeoutMs);
}

/** The shared one where there is one: it is cut off by its links, never killed. */
async function findElasticsearch(directory: string, session: Session): Promise<string> {
  const settings = readSettings();
  if (settings.addresses.elasticsearch) return settings.addresses.elasticsearch;
  const elsewhere = { mongodb: 'own', temporal: 'own' };
  const { addresses } = await startEngines(
    { ...settings, dataDir: directory, addresses: elsewhere, elasticsearchCompiler: 'quick' },
    { ports: 'free', session, progress: createProgress() },
  );
  return addresses.elasticsearch;
}

function models(links: Record<LinkName, FaultProxy>, key: string) {
  const address = { type: 'openai', url: `http://${links['gateway-provider'].address}/`, key };
  return {
    routers: [
      { name: chatModel, type: 'text-generation', providers: [{ ...address, model: 'gpt-test' }] },
      { name: embeddingModel, type: 'text-embeddings-inference', providers: [{ ...address, model: 'embed-test' }] },
    ],
    models: { embedding: embeddingModel },
    // So small that bodies and results of most jobs are blobs.
    jobs: { sweepIntervalMs: 1_000, inlineBodyBytes: 64, inlineResultBytes: 256 },
    // The receiver is on this machine, and is patient enough for one that is tormented.
    outbound: { allowedCidrs: ['127.0.0.0/8'] },
    webhooks: { allowHttp: true, timeoutMs: 2_000, scheduleMs: [0, 500, 1_000, 2_000, ...Array(60).fill(4_000)] },
  };
}

async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** A cluster that is shared keeps nothing of a run; one that is gone already keeps nothing anyway. */
async function deleteIndexes(url: string, prefix: string): Promise<void> {
  try {
    const found = await fetch(`${url}/_cat/indices/${prefix}*?h=index`, { signal: AbortSignal.timeout(5_000) });
    for (const index of (await found.text()).split('\n').filter((name) => name.startsWith(prefix))) {
      await fetch(`${url}/${index}`, { method: 'DELETE' });
    }
  } catch {
    return;
  }
}
