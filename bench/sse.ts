/**
 * `npm run bench -- sse [streams]`: what open event streams cost. Memory of the API per stream, and how long an event
 * takes from before it is written to its readers, fifty of each job. The jobs are written to by hand: no worker runs, and
 * the workflow engine is away.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePorts } from '../engines/ports.ts';
import { nodeFlags } from '../engines/product.ts';
import { createClient } from '../examples/demo/client.ts';
import { connectMongo } from '../src/adapters/mongo/connection.ts';
import { parseConfig } from '../src/config.ts';
import { createDeps } from '../src/deps.ts';
import { useEngines } from '../test/helpers/engines.ts';
import { residentKiB } from './gateway/processes.ts';
import { percentile, report } from './report.ts';
import type { ReadersOptions } from './sse/readers.ts';

const streams = Number(process.argv[2] ?? 5_000);
const readersPerJob = 50;
const warmUpStreams = Math.ceil(streams / 10);
const eventsPerSecond = 20;
const measuredMs = 15_000;
const settleMs = 3_000;
const masterKey = 'master-key-of-the-benchmark';

const engines = useEngines();
const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-bench-sse-'));
const [port = 0, nobody = 0] = await findFreePorts(2);
const deps = await createDeps(
  parseConfig({
    masterKey,
    dataDir,
    logLevel: 'error',
    mongodb: { url: engines.mongodbUrl, database: engines.database },
    temporal: { address: `127.0.0.1:${nobody}` },
  }),
  'bench',
);
const api = await startApi();
const readers = fork(join(import.meta.dirname, 'sse/readers.ts'), { serialization: 'advanced' });
try {
  const { ownerId, key, ids } = await submitJobs(Math.ceil(streams / readersPerJob));
  // What is allocated once, whoever comes, is not the streams'.
  await openStreams(key, ids, warmUpStreams);
  readers.send('close');
  await delay(settleMs);
  const before = residentKiB(api.pid ?? 0);
  await openStreams(key, ids, streams);
  await delay(settleMs);
  const perStream = (residentKiB(api.pid ?? 0) - before) / streams;
  await collectDelays();
  const expected = await writeEvents(ownerId, ids);
  const delaysMs = await collectDelays();
  await report('sse', [
    { what: `memory per stream, ${streams} open`, value: perStream, unit: 'KiB', goal: '<= 40' },
    { what: 'event to reader, p50', value: percentile(delaysMs, 0.5), unit: 'ms' },
    { what: 'event to reader, p99', value: percentile(delaysMs, 0.99), unit: 'ms', goal: '<= 100' },
    { what: 'deliveries that did not come', value: expected - delaysMs.length, unit: '', goal: '0' },
  ]);
} finally {
  readers.disconnect();
  api.kill('SIGKILL');
  await deps.close();
  const connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  await connection.dropDatabase();
  await connection.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function startApi(): Promise<ChildProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...nodeFlags.api, join(import.meta.dirname, '../src/api/main.ts')], {
    env: {
      PATH,
      HOME,
      PORT: String(port),
      MASTER_KEY: masterKey,
      DATA_DIR: dataDir,
      MONGODB_URL: engines.mongodbUrl,
      MONGODB_DATABASE: engines.database,
      TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
      ELASTICSEARCH_URL: engines.elasticsearchUrl,
      MODELS_DIR: engines.modelsDir,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('listening')) break;
  child.stdout.resume();
  return child;
}

/** Accepted by the API, and begun by hand. */
async function submitJobs(count: number) {
  const url = `http://127.0.0.1:${port}`;
  const admin = createClient(url, masterKey);
  const { id: ownerId } = await admin.createUser('bench@example.com', 'a long password');
  const { token: key } = await admin.createKeyFor(ownerId);
  const client = createClient(url, key);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await client.submitEmbedding('a harbour'));
  for (const id of ids) {
    await deps.jobs.move(ownerId, id, { to: 'in_progress', increment: { run: 1, attempts: 1 }, now: Date.now() });
  }
  return { ownerId, key, ids };
}

async function openStreams(key: string, ids: readonly string[], count: number): Promise<void> {
  const paths = Array.from({ length: count }, (_, index) => `/v1/jobs/${ids[index % ids.length]}/events`);
  readers.send({ port, key, paths } satisfies ReadersOptions);
  await once(readers, 'message');
}

async function collectDelays(): Promise<number[]> {
  readers.send('delays');
  const [{ delaysMs }] = (await once(readers, 'message')) as [{ delaysMs: number[] }];
  return delaysMs;
}

/** Events at a steady rate, each of the next job; resolves with how many deliveries that makes. */
async function writeEvents(ownerId: number, ids: readonly string[]): Promise<number> {
  const counts = ids.map((_, index) => Math.floor((streams - 1 - index) / ids.length) + 1);
  const total = (measuredMs / 1_000) * eventsPerSecond;
  let deliveries = 0;
  const startedAt = performance.now();
  for (let index = 0; index < total; index += 1) {
    await delay(Math.max(0, startedAt + (index * 1_000) / eventsPerSecond - performance.now()));
    const at = index % ids.length;
    const data = { written_at: performance.timeOrigin + performance.now() };
    const events = [{ type: 'job.output' as const, data }];
    await deps.jobs.report(ownerId, ids[at] ?? '', 1, { events, progress: null }, Date.now());
    deliveries += counts[at] ?? 0;
  }
  await delay(settleMs);
  return deliveries;
}
