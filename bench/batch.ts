/**
 * `npm run bench -- batch [lines] [kills]`: a batch of chats in front of a vendor that answers at once. Lines per second,
 * and the most memory that API and workers have ever had. With kills, a worker is killed so often at random moments; then
 * every custom id must be in the output once, and how often lines were called again is shown.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import type { ProductProcess } from '../engines/product.ts';
import { createProgress } from '../engines/progress.ts';
import { type Stack, startStack } from '../engines/stack.ts';
import { createClient } from '../examples/demo/client.ts';
import { startBatchUpstream } from '../test/helpers/batch-upstream.ts';
import { type Figure, report } from './report.ts';

const [lines = 50_000, kills = 0] = process.argv.slice(2).map(Number);
const model = 'batched';
/** About what a question with some context has. */
const padding = 'x'.repeat(600);
const pollMs = 250;
const own = `bench_batch_${process.pid}`;

const upstream = await startBatchUpstream();
const folder = await mkdtemp(join(tmpdir(), 'bench-batch-'));
const stack = await startStack({
  name: 'bench-batch',
  workers: 1,
  progress: createProgress(),
  // Engines from the environment may serve others too.
  environment: { SWITCHYARD_CONFIG: await writeConfiguration(), MONGODB_DATABASE: own, TEMPORAL_QUEUE_PREFIX: own },
});
const peaks = { api: 0, worker: 0 };
try {
  const client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: await signUp(stack), maxRetries: 5 });
  const startedAt = performance.now();
  const input = await client.files.create({
    purpose: 'batch',
    file: await toFile(Buffer.from(inputText()), 'in.jsonl'),
  });
  const uploadedAt = performance.now();
  const batch = await client.batches.create({
    input_file_id: input.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  await Promise.all([ended(client, batch.id), killWorkers(client, batch.id)]);
  const seconds = (performance.now() - uploadedAt) / 1000;
  const repeated = await checkOutput(client, batch.id);
  const figures: Figure[] = [
    { what: 'upload of the input', value: (uploadedAt - startedAt) / 1000, unit: 's' },
    { what: `${lines} lines, ${kills} kills`, value: lines / seconds, unit: '/s' },
    { what: 'lines that were called more than once', value: repeated, unit: `of ${lines}` },
    { what: 'API, peak', value: peaks.api, unit: 'MiB', goal: '<= 512' },
    { what: 'worker, peak', value: peaks.worker, unit: 'MiB', goal: '<= 512' },
  ];
  await report('batch', figures);
} finally {
  await stack.stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
}

async function writeConfiguration(): Promise<string> {
  const path = join(folder, 'switchyard.yaml');
  const provider = { type: 'openai', url: upstream.url, key: 'sk-bench', model: 'batch-test' };
  const routers = [{ name: model, type: 'text-generation', providers: [provider] }];
  await writeFile(path, JSON.stringify({ routers }));
  return path;
}

async function signUp({ url, masterKey }: Stack): Promise<string> {
  const admin = createClient(url, masterKey);
  const { id } = await admin.createUser('bench@example.com', 'a long password');
  return (await admin.createKeyFor(id)).token;
}

function inputText(): string {
  return Array.from({ length: lines }, (_none, index) => {
    const messages = [
      { role: 'system', content: padding },
      { role: 'user', content: `line-${index}` },
    ];
    const body = { model, messages };
    return `${JSON.stringify({ custom_id: `line-${index}`, method: 'POST', url: '/v1/chat/completions', body })}\n`;
  }).join('');
}

async function ended(client: OpenAI, id: string): Promise<void> {
  for (;;) {
    const { status, request_counts: counts, errors } = await client.batches.retrieve(id);
    await measure();
    process.stdout.write(`\r${status} ${counts?.completed ?? 0} of ${counts?.total ?? 0}   `);
    if (status === 'completed') break;
    if (['failed', 'expired', 'cancelled'].includes(status)) throw new Error(`${status}: ${JSON.stringify(errors)}`);
    await delay(pollMs);
  }
  process.stdout.write('\n');
}

/** Spread over the batch by its progress, each at a random moment of its part. */
async function killWorkers(client: OpenAI, id: string): Promise<void> {
  for (let killed = 0; killed < kills; killed += 1) {
    const share = (killed + Math.random()) / kills;
    for (;;) {
      const { status, request_counts: counts } = await client.batches.retrieve(id);
      if (status === 'completed') return;
      if (counts && counts.total > 0 && counts.completed >= share * counts.total) break;
      await delay(pollMs);
    }
    await measure();
    await stack.workers.find((worker) => worker.isRunning())?.kill();
    stack.addWorker();
  }
}

async function measure(): Promise<void> {
  peaks.api = Math.max(peaks.api, await peakMiB(stack.api));
  for (const worker of stack.workers) peaks.worker = Math.max(peaks.worker, await peakMiB(worker));
}

/** The most memory a process has ever had resident; 0 of one that is gone. */
async function peakMiB({ child }: ProductProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** Throws unless every custom id is in the output once. Answers how many lines were called more than once. */
async function checkOutput(client: OpenAI, id: string): Promise<number> {
  const { output_file_id: output, error_file_id: errors } = await client.batches.retrieve(id);
  if (errors != null || output == null) throw new Error(`there are failed lines: ${errors}`);
  const text = await (await client.files.content(output)).text();
  const ids = text
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { custom_id: string }).custom_id]));
  const once = new Set(ids);
  if (ids.length !== lines || once.size !== lines)
    throw new Error(`${ids.length} lines, ${once.size} of them different`);
  return [...upstream.asked.values()].filter((count) => count > 1).length;
}
