import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVerbs } from '../../src/activities/index.ts';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { createApp } from '../../src/api/app.ts';
import { startDispatchLoop } from '../../src/api/dispatch-loop.ts';
import { serverTimeouts, startServer } from '../../src/api/server.ts';
import { type ConfigInput, parseConfig } from '../../src/config.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { createDeps, type Deps } from '../../src/deps.ts';
import { dialects } from '../../src/protocols/index.ts';
import { workflowBundle } from '../../src/workers/bundle.ts';
import { installRuntime } from '../../src/workers/runtime.ts';
import { createWorkers } from '../../src/workers/worker.ts';
import { patience, type TestEngines, useEngines } from './engines.ts';

export interface TestApp {
  url: string;
  masterKey: string;
  deps: Deps;
  verbs: Verbs;
  /** A new user of the role `user` (or `admin`, or the one of that id) with a key. */
  signUp(role?: 'user' | 'admin' | number): Promise<TestCaller>;
  stop(): Promise<void>;
}

export interface TestCaller {
  userId: number;
  key: string;
  /** A request with the caller's key. Bodies that are no form are sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** The same, and its answer; throws unless that is 2xx. */
  json<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
}

interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let runtimeInstalled = false;
const masterKey = 'master-key-of-the-tests';

/** The whole product in this process, on engines and names of the test file's own. */
export async function startTestApp(options: { workers?: boolean; config?: ConfigInput } = {}): Promise<TestApp> {
  const engines = useEngines();
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-test-'));
  const config = parseConfig({
    masterKey,
    dataDir,
    logLevel: 'error',
    mongodb: { url: engines.mongodbUrl, database: engines.database },
    temporal: { ...patience.temporal, address: engines.temporalAddress, queuePrefix: engines.queuePrefix },
    elasticsearch: { ...patience.elasticsearch, url: engines.elasticsearchUrl, indexPrefix: engines.indexPrefix },
    models: { dir: engines.modelsDir },
    // Upstreams and receivers of the tests are on this machine.
    outbound: { allowedCidrs: ['127.0.0.0/8', '::1/128'] },
    ...options.config,
    http: { port: 0, shutdownTimeoutMs: 2_000, ...options.config?.http },
  });
  const deps = await createDeps(config, 'test');
  const verbs = createVerbs(deps);
  const draining = new AbortController();
  const app = createApp({
    verbs,
    shortVerbs: config.shortCalls.where === 'worker' ? deps.shortCalls.over(verbs) : verbs,
    dialects,
    settings: config,
    log: deps.log,
    metrics: deps.metricsRegistry,
    leaving: draining.signal,
    draining: draining.signal,
  });
  const server = await startServer(app.handler, config.http, deps.log, { ...serverTimeouts, headersTimeout: 120_000 });
  const dispatching = startDispatchLoop(verbs, config.jobs, deps.log);
  const workers = options.workers ? await startWorkers(deps, verbs) : null;

  return {
    url: server.url,
    masterKey,
    deps,
    verbs,
    async signUp(role: 'user' | 'admin' | number = 'user') {
      const admin = createCaller(server.url, masterKey, 0);
      const user = {
        email: `${crypto.randomUUID()}@example.com`,
        password: 'a long password',
        role: typeof role === 'number' ? role : { user: 1, admin: 2 }[role],
      };
      const { id } = await admin.json<{ id: number }>('POST', '/v1/admin/users', { body: user });
      const { token } = await admin.json<{ token: string }>('POST', '/v1/admin/tokens', {
        body: { name: 'test', user: id },
      });
      return createCaller(server.url, token, id);
    },
    async stop() {
      draining.abort();
      await dispatching.stop();
      await server.close();
      await workers?.stop();
      await deps.close();
      await rm(dataDir, { recursive: true, force: true });
      await dropData(engines);
    },
  };
}

/** Engines that outlive the run keep nothing of it. */
async function dropData(engines: TestEngines): Promise<void> {
  const connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
  await connection.dropDatabase();
  await connection.close();
  const indexes = `${engines.elasticsearchUrl}/_cat/indices/${engines.indexPrefix}-*?h=index&format=json`;
  for (const { index } of (await (await fetch(indexes)).json()) as { index: string }[]) {
    await fetch(`${engines.elasticsearchUrl}/${index}`, { method: 'DELETE' });
  }
}

async function startWorkers(deps: Deps, verbs: Verbs): Promise<{ stop(): Promise<void> }> {
  if (!runtimeInstalled) installRuntime(deps.log);
  runtimeInstalled = true;
  const { temporal } = deps.config;
  const bundle = await workflowBundle(join(import.meta.dirname, '../../.data/cache'));
  const workers = await createWorkers({ ...temporal, shutdownGraceMs: 1_000, cpuSlots: 2, bundle }, verbs, deps.log);
  const running = workers.run();
  return {
    async stop() {
      workers.stop();
      await running;
    },
  };
}

function createCaller(url: string, key: string, userId: number): TestCaller {
  async function request(
    method: string,
    path: string,
    { body, headers, signal }: RequestOptions = {},
  ): Promise<Response> {
    const isForm = body instanceof FormData;
    return fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }
  return {
    userId,
    key,
    request,
    async json<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
      const response = await request(method, path, options);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
  };
}
