/** All engines at once: each is found at its address, or acquired and started, Elasticsearch (the slowest) first. */
import { join } from 'node:path';
import { acquire } from '../acquire/acquire.ts';
import { ensureFreeSpace } from '../disk.ts';
import { ensurePortFree, findFreePorts } from '../ports.ts';
import type { ProcessIdentity } from '../processes.ts';
import type { Progress } from '../progress.ts';
import { type Ports, portVariables, type Settings } from '../settings.ts';
import { startDaemon } from './daemon.ts';
import { describeElasticsearch } from './elasticsearch.ts';
import { engineDirectory } from './engine-data.ts';
import { describeMongodb, ensureReplicaSet, mongodbUrl } from './mongodb.ts';
import type { Session } from './session.ts';
import { describeTemporal } from './temporal.ts';
import { requiredUid } from './unprivileged.ts';

export interface EngineAddresses {
  /** `host:port`. */
  temporal: string;
  /** Only of a Temporal that was started here with its UI. */
  temporalUi?: string;
  mongodb: string;
  elasticsearch: string;
}

export interface EngineProcess extends ProcessIdentity {
  title: string;
  logFile: string;
}

export interface StartedEngines {
  addresses: EngineAddresses;
  /** Those that were started here, for whoever has to end them later. */
  processes: EngineProcess[];
}

export interface StartOptions {
  /** `fixed`: the ports of the settings, with Temporal's UI and a database file. `free`: any, and nothing is kept. */
  ports: 'fixed' | 'free';
  session: Session;
  progress: Progress;
}

interface Start extends StartOptions {
  settings: Settings;
  usedPorts: Ports & { elasticsearchTransport: number };
}

interface StartedEngine {
  address: string;
  uiAddress?: string;
  process?: EngineProcess;
}

const dataBytesNeeded = 1024 ** 3;

async function choosePorts(settings: Settings, kind: 'fixed' | 'free') {
  const [transport = 0, temporal = 0, temporalUi = 0, mongodb = 0, elasticsearch = 0] = await findFreePorts(5);
  const free = { temporal, temporalUi, mongodb, elasticsearch };
  return { ...(kind === 'free' ? free : settings.ports), elasticsearchTransport: transport };
}

async function ensureOwnPortFree(start: Start, name: keyof Ports, purpose: string): Promise<void> {
  if (start.ports === 'fixed') await ensurePortFree(start.usedPorts[name], purpose, portVariables[name]);
}

const logFileOf = (start: Start, engine: string) => join(start.settings.dataDir, 'logs', `${engine}.log`);

async function launch(start: Start, spec: Parameters<typeof startDaemon>[0]): Promise<EngineProcess> {
  const identity = await start.progress.step(`Starting ${spec.title}`, () => startDaemon(spec, start.session));
  return { ...identity, title: spec.title, logFile: spec.logFile };
}

async function startElasticsearch(start: Start): Promise<StartedEngine> {
  const { settings, usedPorts, progress } = start;
  if (settings.addresses.elasticsearch) return { address: settings.addresses.elasticsearch };
  const { path } = await acquire('elasticsearch', settings, progress);
  await ensureOwnPortFree(start, 'elasticsearch', 'Elasticsearch');
  const spec = await describeElasticsearch({
    program: path,
    port: usedPorts.elasticsearch,
    transportPort: usedPorts.elasticsearchTransport,
    heap: settings.elasticsearchHeap,
    compiler: settings.elasticsearchCompiler,
    directory: engineDirectory(start.settings.dataDir, 'elasticsearch'),
    logFile: logFileOf(start, 'elasticsearch'),
    progress,
  });
  return { address: `http://127.0.0.1:${usedPorts.elasticsearch}`, process: await launch(start, spec) };
}

async function startMongodb(start: Start): Promise<StartedEngine> {
  const { settings, usedPorts, progress } = start;
  if (settings.addresses.mongodb) return { address: settings.addresses.mongodb };
  const { path } = await acquire('mongodb', settings, progress);
  await ensureOwnPortFree(start, 'mongodb', 'MongoDB');
  const port = usedPorts.mongodb;
  const place = { directory: engineDirectory(start.settings.dataDir, 'mongodb'), logFile: logFileOf(start, 'mongodb') };
  const process = await launch(start, await describeMongodb({ program: path, port, ...place }));
  await ensureReplicaSet(port);
  return { address: mongodbUrl(port), process };
}

async function startTemporal(start: Start): Promise<StartedEngine> {
  const { settings, usedPorts, progress } = start;
  if (settings.addresses.temporal) return { address: settings.addresses.temporal };
  const { path } = await acquire('temporal', settings, progress);
  const persistent = start.ports === 'fixed';
  await ensureOwnPortFree(start, 'temporal', 'Temporal');
  await ensureOwnPortFree(start, 'temporalUi', 'the Temporal UI');
  const spec = await describeTemporal({
    program: path,
    port: usedPorts.temporal,
    ...(persistent && { uiPort: usedPorts.temporalUi }),
    persistent,
    directory: engineDirectory(start.settings.dataDir, 'temporal'),
    logFile: logFileOf(start, 'temporal'),
  });
  const process = await launch(start, spec);
  const address = `127.0.0.1:${usedPorts.temporal}`;
  return persistent
    ? { address, uiAddress: `http://127.0.0.1:${usedPorts.temporalUi}`, process }
    : { address, process };
}

/**
 * Starts what the environment gives no address for, and resolves when everything answers. When one fails, what was
 * started runs on: the caller ends the session.
 */
export async function startEngines(settings: Settings, options: StartOptions): Promise<StartedEngines> {
  // Elasticsearch may run as another user, who must be able to read what we unpack.
  if (requiredUid() !== undefined) process.umask(0o022);
  await ensureFreeSpace(settings.dataDir, dataBytesNeeded, 'running the engines');
  const start: Start = { ...options, settings, usedPorts: await choosePorts(settings, options.ports) };
  const starts = [startElasticsearch(start), startMongodb(start), startTemporal(start)] as const;
  // All come to their end before one failure is thrown: nothing may still be starting when the caller ends the session.
  await Promise.allSettled(starts);
  const [elasticsearch, mongodb, temporal] = await Promise.all(starts);
  return {
    addresses: {
      temporal: temporal.address,
      ...(temporal.uiAddress && { temporalUi: temporal.uiAddress }),
      mongodb: mongodb.address,
      elasticsearch: elasticsearch.address,
    },
    processes: [elasticsearch, mongodb, temporal].flatMap((engine) => engine.process ?? []),
  };
}
