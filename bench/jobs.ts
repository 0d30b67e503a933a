/**
 * `npm run bench -- jobs`: what a job costs.
 * Submission: p50 and p99 of `POST` + `Prefer: respond-async` at 200 per second, open loop, everything else running.
 * Throughput: `runCall` jobs per second through the API, against the bare Temporal client starting and completing a
 * workflow of one activity on the same server; the activity makes the same call (one short text, embedded).
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createProgress } from '../engines/progress.ts';
import { type Stack, startStack } from '../engines/stack.ts';
import { createClient } from '../examples/demo/client.ts';
import { createLocalVendor } from '../src/adapters/providers/local/index.ts';
import { createLimiter } from '../src/core/limiter.ts';
import { startBare } from './jobs/bare.ts';
import { median, percentile, report } from './report.ts';

const ratePerSecond = 200;
const submitSeconds = 10;
const jobsPerRound = 300;
const rounds = 3;
const concurrency = 32;
const model = 'all-minilm-l6-v2';
const body = JSON.stringify({ model, input: 'hello' });

const stack = await startStack({ name: 'bench-jobs', workers: 1, progress: createProgress() });
try {
  const key = await signUp(stack);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const submit = createSubmit(stack.url, key, agent);
  await Promise.all(Array.from({ length: 20 }, submit));
  await drained(stack, key);

  const bare = await startBareEmbedding(stack);
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await rateOf(bare.run));
    ours.push(await rateOf(submit, () => drained(stack, key)));
  }
  await bare.stop();

  const latencies = await submitAtRate(submit);
  await drained(stack, key);
  agent.destroy();
  await report('jobs', [
    { what: 'bare workflow with one activity', value: median(floor), unit: '/s' },
    { what: 'runCall job', value: median(ours), unit: '/s', ratio: median(ours) / median(floor), goal: '>= 0.7' },
    { what: `submit p50 at ${ratePerSecond}/s`, value: percentile(latencies, 0.5), unit: 'ms', goal: '<= 10' },
    { what: `submit p99 at ${ratePerSecond}/s`, value: percentile(latencies, 0.99), unit: 'ms', goal: '<= 50' },
  ]);
} finally {
  await stack.stop();
}

async function signUp({ url, masterKey }: Stack): Promise<string> {
  const admin = createClient(url, masterKey);
  const { id } = await admin.createUser('bench@example.com', 'a long password');
  return (await admin.createKeyFor(id)).token;
}

/** One submission; resolves with its latency in ms when the 202 has been read. */
function createSubmit(url: string, key: string, agent: Agent): () => Promise<number> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    prefer: 'respond-async',
  };
  return () =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const sent = request(`${url}/v1/embeddings`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 202) resolve(performance.now() - startedAt);
          else reject(new Error(`submission answered ${response.statusCode}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** Open loop: a slow answer does not slow the next question. */
async function submitAtRate(submit: () => Promise<number>): Promise<number[]> {
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  for (let index = 0; index < ratePerSecond * submitSeconds; index += 1) {
    const dueMs = startedAt + (index * 1000) / ratePerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await delay(waitMs);
    answers.push(submit());
  }
  return Promise.all(answers);
}

async function rateOf(
  run: () => Promise<unknown>,
  settled: () => Promise<void> = async () => undefined,
): Promise<number> {
  const limited = createLimiter(concurrency);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: jobsPerRound }, () => limited(run)));
  await settled();
  return (jobsPerRound * 1000) / (performance.now() - startedAt);
}

/** Resolves when no job is open any more. */
async function drained({ url }: Stack, key: string): Promise<void> {
  const open = 'status=queued&status=in_progress&limit=1';
  while ((await createClient(url, key).listJobs(open)).length > 0) await delay(50);
}

/** The bare client, whose activity makes the same call. */
async function startBareEmbedding({ addresses }: Stack) {
  const modelsDir = process.env['MODELS_DIR'] ?? '.data/models';
  const vendor = createLocalVendor({ modelsDir, threads: 1, idleTimeoutMs: 60_000 });
  const bare = await startBare(addresses.temporal, async () => {
    await vendor.embed?.({
      target: { modelName: 'all-MiniLM-L6-v2', url: null, namedBy: 'operator', key: null },
      texts: ['hello'],
      dimensions: null,
      signal: new AbortController().signal,
    });
  });
  return {
    run: () => bare.run(body),
    async stop(): Promise<void> {
      await bare.stop();
      await vendor.close();
    },
  };
}
