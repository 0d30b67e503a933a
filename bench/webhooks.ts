/**
 * `npm run bench -- webhooks [seconds]`: how soon and how fast webhooks arrive, on receivers in this process.
 * Delay: from the end of a job to the arrival of its message, jobs at a low rate. Throughput: messages per second of a
 * burst, against the bare Temporal client whose workflow is one activity that posts as much. Fairness: 500 endpoints
 * that take turns, and beside them one that is sent as much as all of them together: one that takes it, and one that
 * never answers. Rounds alternate, `seconds` each.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createProgress } from '../engines/progress.ts';
import { type Stack, startStack } from '../engines/stack.ts';
import { createClient } from '../examples/demo/client.ts';
import { createLimiter } from '../src/core/limiter.ts';
import { startBare } from './jobs/bare.ts';
import { median, percentile, report } from './report.ts';
import { startReceiver } from './webhooks/receiver.ts';

const secondsPerRound = Number(process.argv[2] ?? 20);
const rounds = 3;
const jobs = 8 * secondsPerRound;
/** Each is two workflows; Temporal's development server has room for some thirty a second. */
const jobsPerSecond = 4;
const burst = 100 * secondsPerRound;
const endpoints = 500;
/** To all of them together, and as many to the one beside: at more, that server's own queue is what is measured. */
const eventsPerSecond = 8;
const model = 'all-minilm-l6-v2';

const own = `bench_webhooks_${process.pid}`;
const directory = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
const configPath = join(directory, 'switchyard.json');
await writeFile(
  configPath,
  JSON.stringify({
    webhooks: { allowHttp: true, maxEndpoints: endpoints + 3 },
    outbound: { allowedCidrs: ['127.0.0.0/8'] },
  }),
);
const receiver = await startReceiver();
const stack = await startStack({
  name: 'bench-webhooks',
  workers: 1,
  progress: createProgress(),
  // Names of its own, for engines that others use too.
  environment: { SWITCHYARD_CONFIG: configPath, MONGODB_DATABASE: own, TEMPORAL_QUEUE_PREFIX: own },
});
try {
  const post = createPost(stack.url, await signUp(stack));
  const delays = await delaysOfJobs(post);
  const bare = await bareRate(stack.addresses.temporal);
  const perSecond = await burstRate(post);

  const healthy = await Promise.all(
    limitedTo(16, endpoints, (index) => makeEndpoint(post, receiver.urlOf(`healthy/${index}`))),
  );
  const [alive, dead] = await Promise.all(['alive', 'dead'].map((name) => makeEndpoint(post, receiver.urlOf(name))));
  await fairnessRound(post, healthy, alive);
  const without: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    without.push(percentile(await fairnessRound(post, healthy, alive), 0.99));
    beside.push(percentile(await fairnessRound(post, healthy, dead), 0.99));
  }
  await report('webhooks', [
    { what: 'end of a job to its message: p50', value: median(delays), unit: 'ms', goal: '<= 100' },
    { what: 'end of a job to its message: p99', value: percentile(delays, 0.99), unit: 'ms', goal: '<= 1000' },
    { what: 'bare workflow with one post', value: bare, unit: '/s' },
    { what: 'messages of a burst', value: perSecond, unit: '/s', ratio: perSecond / bare },
    { what: `${endpoints} endpoints beside a busy one: p99`, value: median(without), unit: 'ms' },
    {
      what: 'beside a dead one: p99',
      value: median(beside),
      unit: 'ms',
      ratio: median(beside) / median(without),
      goal: '<= 1.05',
    },
  ]);
} finally {
  await stack.stop();
  await receiver.close();
  await rm(directory, { recursive: true, force: true });
}

type Post = <T>(path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;

async function signUp({ url, masterKey }: Stack): Promise<string> {
  const admin = createClient(url, masterKey);
  const { id } = await admin.createUser(`${crypto.randomUUID()}@example.com`, 'a long password');
  return (await admin.createKeyFor(id)).token;
}

function createPost(url: string, key: string): Post {
  return async (path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body ?? {}),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return JSON.parse(await response.text());
  };
}

async function makeEndpoint(post: Post, url: string): Promise<string> {
  return (await post<{ id: string }>('/v1/webhooks/endpoints', { url, events: ['endpoint.disabled'] })).id;
}

function limitedTo<T>(limit: number, count: number, work: (index: number) => Promise<T>): Promise<T>[] {
  const limited = createLimiter(limit);
  return Array.from({ length: count }, (_, index) => limited(() => work(index)));
}

/** Open loop: a slow answer does not slow the next question. */
async function atRate(count: number, perSecond: number, work: (index: number) => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = startedAt + (index * 1000) / perSecond - performance.now();
    if (waitMs > 1) await delay(waitMs);
    running.push(work(index));
  }
  await Promise.all(running);
}

async function delaysOfJobs(post: Post): Promise<number[]> {
  const headers = { prefer: 'respond-async', 'webhook-url': receiver.urlOf('jobs') };
  const submit = () => post('/v1/embeddings', { model, input: 'hello' }, headers);
  await submit();
  await receiver.arrived('/jobs', 1);
  await atRate(jobs, jobsPerSecond, submit);
  const messages = await receiver.arrived('/jobs', jobs + 1);
  return messages.slice(1).map(({ delayMs }) => delayMs);
}

async function bareRate(address: string): Promise<number> {
  const url = receiver.urlOf('bare');
  const message = JSON.stringify({ timestamp: new Date().toISOString() });
  const bare = await startBare(address, async (body) => {
    await (await fetch(url, { method: 'POST', body })).arrayBuffer();
  });
  await bare.run(message);
  const startedAt = performance.now();
  await Promise.all(limitedTo(32, burst, () => bare.run(message)));
  const rate = (burst * 1000) / (performance.now() - startedAt);
  await bare.stop();
  return rate;
}

async function burstRate(post: Post): Promise<number> {
  const id = await makeEndpoint(post, receiver.urlOf('burst'));
  const startedAt = Date.now();
  await Promise.all(limitedTo(32, burst, () => post(`/v1/webhooks/endpoints/${id}/test`)));
  const messages = await receiver.arrived('/burst', burst);
  return (burst * 1000) / ((messages.at(-1)?.at ?? startedAt) - startedAt);
}

/** The delays of all messages to the healthy endpoints, each of which had its turn. */
async function fairnessRound(post: Post, healthy: readonly string[], other = ''): Promise<number[]> {
  receiver.reset();
  const count = eventsPerSecond * secondsPerRound;
  const test = (id: string) => post(`/v1/webhooks/endpoints/${id}/test`);
  await atRate(count, eventsPerSecond, async (index) => {
    await Promise.all([test(healthy[index % healthy.length] ?? ''), test(other)]);
  });
  return (await receiver.arrived('/healthy/', count)).map(({ delayMs }) => delayMs);
}
