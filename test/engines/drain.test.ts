import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { findFreePorts } from '../../engines/ports.ts';
import { startTestApp, type TestApp, type TestCaller } from '../helpers/app.ts';
import type { PresentedJob } from '../helpers/jobs.ts';
import { projectPath } from '../helpers/project.ts';
import { waitFor } from '../helpers/wait-for.ts';

const model = 'all-minilm-l6-v2';

/** On a connection of its own: one that is kept may be closed just when it is used again. */
const readyz = (url: string) => fetch(`${url}/readyz`, { headers: { connection: 'close' } });

/** Processes of the product on the stores of `app`, which has no workers: what is submitted stays where it is. */
describe('a process that is asked to stop', () => {
  let app: TestApp;
  let caller: TestCaller;
  let dataDir: string;

  before(async () => {
    app = await startTestApp();
    caller = await app.signUp();
    dataDir = await mkdtemp(join(tmpdir(), 'switchyard-drain-'));
  });
  const children: ChildProcess[] = [];
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await app?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function launch(entry: string, environment: Record<string, string>, ready: RegExp) {
    const { config } = app.deps;
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [projectPath(entry)], {
      env: {
        PATH,
        HOME,
        MASTER_KEY: app.masterKey,
        DATA_DIR: dataDir,
        MODELS_DIR: config.models.dir,
        MONGODB_URL: config.mongodb.url,
        MONGODB_DATABASE: config.mongodb.database,
        TEMPORAL_ADDRESS: config.temporal.address,
        TEMPORAL_QUEUE_PREFIX: config.temporal.queuePrefix,
        ELASTICSEARCH_URL: config.elasticsearch.url,
        ELASTICSEARCH_INDEX_PREFIX: config.elasticsearch.indexPrefix,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    await waitFor(`${entry} is ready`, () => lines.some((line) => ready.test(line)));
    return { child, ended };
  }

  async function launchApi(drainDelayMs: number) {
    const [port = 0] = await findFreePorts(1);
    const environment = { HOST: '127.0.0.1', PORT: String(port), DRAIN_DELAY_MS: String(drainDelayMs) };
    const launched = await launch('src/api/main.ts', environment, /^listening on /);
    return { ...launched, url: `http://127.0.0.1:${port}` };
  }

  const submit = (url: string) =>
    fetch(`${url}/v1/embeddings`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${caller.key}`,
        'content-type': 'application/json',
        prefer: 'respond-async',
      },
      body: JSON.stringify({ model, input: 'a harbour' }),
    });

  it('says so, still takes calls for a while, and ends with 0 when what was under way has ended', async () => {
    const { child, ended, url } = await launchApi(1_500);
    const job = (await (await submit(url)).json()) as PresentedJob;
    const authorization = `Bearer ${caller.key}`;
    const stream = await fetch(`${url}/v1/jobs/${job.id}/events`, { headers: { authorization } });
    const poll = fetch(`${url}/v1/jobs/${job.id}?wait=60`, {
      headers: { authorization, 'if-none-match': `"${job.last_sequence_number}"` },
    });

    child.kill('SIGTERM');
    await waitFor('/readyz answers 503', async () => (await readyz(url)).status === 503);
    const late = await submit(url);
    assert.deepEqual([late.status, late.headers.get('connection')], [202, 'close']);

    const text = await stream.text();
    const hint = `{"reason":"The server is stopping.","last_event_id":"${job.last_sequence_number}"}`;
    assert.ok(text.endsWith(`event: server.draining\ndata: ${hint}\n\n`), text);
    assert.ok([200, 304].includes((await poll).status));
    assert.deepEqual(await ended, { code: 0, signal: null });
  });

  it('ends at once when it is asked again', async () => {
    const { child, ended, url } = await launchApi(60_000);
    child.kill('SIGTERM');
    await waitFor('/readyz answers 503', async () => (await readyz(url)).status === 503);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, { code: null, signal: 'SIGTERM' });
  });

  it('finishes the steps that it has begun, as a worker, and shows its figures until then', async () => {
    const [port = 0] = await findFreePorts(1);
    const environment = { WORKER_HEALTH_PORT: String(port), LOG_LEVEL: 'info' };
    const { child, ended } = await launch('src/workers/main.ts', environment, /worker is ready/);
    const { id } = (await (await submit(app.url)).json()) as PresentedJob;
    const job = await caller.json<PresentedJob>('GET', `/v1/jobs/${id}?wait=60`, {
      headers: { 'if-none-match': '"1"' },
    });
    assert.notEqual(job.status, 'queued');
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const name of [
      'gateway_job_queue_seconds_count',
      'nodejs_eventloop_lag_seconds',
      'temporal_worker_task_slots_available',
      'temporal_workflow_task_schedule_to_start_latency',
    ]) {
      assert.ok(metrics.includes(name), `${name} is missing`);
    }

    child.kill('SIGTERM');
    assert.deepEqual(await ended, { code: 0, signal: null });
    const { attempts, status } = await caller.json<PresentedJob>('GET', `/v1/jobs/${id}`);
    assert.deepEqual([attempts, status], [1, 'completed']);
  });
});
