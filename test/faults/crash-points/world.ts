/** Real processes that die at crash points and are started again, and callers who do not give up. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { createProgress } from '../../../engines/progress.ts';
import { type Stack, startStack } from '../../../engines/stack.ts';
import { type CrashPoints, createCrashPoints } from '../../helpers/crash-points.ts';
import { useEngines } from '../../helpers/engines.ts';
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { until } from '../../helpers/stack.ts';
import { speaksOpenAi } from '../../helpers/wire/openai.ts';

const workers = 2;
const retryAfterMs = 200;
const giveUpAfterMs = 120_000;

/** Below it the upstream is a receiver of webhooks. */
export const hooks = '/hooks/';

/** What the upstream is asked for by the name of the model. */
export const models = { speaks: 'speaks', refuses: 'refuses', hangs: 'hangs' } as const;

export interface Caller {
  userId: number;
  /** Sends until an answer comes that is no fault of a process that died. Says what came. */
  send(method: string, path: string, options?: Sending): Promise<{ status: number; body: unknown }>;
}

interface Sending {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface World {
  points: CrashPoints;
  upstream: FakeUpstream;
  /** What the processes have written, read past them. */
  database: mongoose.mongo.Db;
  signUp(): Promise<Caller>;
  /** How many processes have died. */
  deaths(): number;
  close(): Promise<void>;
}

export async function openWorld(name: string): Promise<World> {
  const engines = useEngines();
  const speaks = speaksOpenAi({ text: ['Hello', ' there.'] });
  const upstream = await startFakeUpstream((asked) => {
    if (asked.path.startsWith(hooks)) return { status: 204 };
    const model = (asked.json as { model?: string } | undefined)?.model;
    if (model === models.refuses) return jsonAnswer({ error: { message: 'no', type: 'invalid_request_error' } }, 400);
    return model === models.hangs ? 'silence' : speaks(asked);
  });
  const dataDir = join(import.meta.dirname, '../../../.data');
  const folder = join(dataDir, `crash-points-${process.pid}`);
  const points = createCrashPoints(folder);
  const configPath = join(folder, 'switchyard.json');
  writeFileSync(configPath, JSON.stringify(configuration(upstream.url)));
  const stack = await startStack({
    name: `faults-${name}-${process.pid}`,
    workers,
    progress: createProgress(),
    environment: {
      ...points.environment,
      SWITCHYARD_CONFIG: configPath,
      MONGODB_DATABASE: engines.database,
      TEMPORAL_QUEUE_PREFIX: engines.queuePrefix,
      ELASTICSEARCH_INDEX_PREFIX: engines.indexPrefix,
      LOG_LEVEL: 'warn',
    },
    onLine: (line, role) => {
      if (process.env['FAULT_LOG']) process.stderr.write(`${role} ${line}\n`);
    },
  });
  const keeping = keepRunning(stack);
  const connection = await mongoose.createConnection(stack.addresses.mongodb, { dbName: engines.database }).asPromise();
  if (!connection.db) throw new Error('the MongoDB connection is not open');
  const admin = sender(stack.url, stack.masterKey);
  async function signUp(): Promise<Caller> {
    const name = crypto.randomUUID();
    const user = { email: `${name}@example.com`, name: 'Caller', password: 'a long password', role: 1 };
    const created = await admin('POST', '/v1/admin/users', { body: user });
    // Sent again because a process died after it had made the user: another one will do.
    if (created.status === 409) return signUp();
    assert.ok(created.status < 300, `no user: ${created.status} ${JSON.stringify(created.body)}`);
    const { id } = created.body as { id: number };
    const made = await admin('POST', '/v1/admin/tokens', { body: { name, user: id } });
    assert.ok(made.status < 300, `no key: ${made.status} ${JSON.stringify(made.body)}`);
    const { token } = made.body as { token: string };
    return { userId: id, send: sender(stack.url, token) };
  }

  return {
    points,
    upstream,
    database: connection.db,
    deaths: keeping.deaths,
    signUp,
    async close() {
      await keeping.stop();
      await connection.close();
      await stack.stop();
      await upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Small enough that bodies and results are files; models that behave by their names. */
function configuration(url: string) {
  const router = (name: string) => ({
    name,
    type: 'text-generation',
    providers: [{ type: 'openai', url, key: 'sk-test', model: name }],
  });
  return {
    jobs: { inlineBodyBytes: 64, inlineResultBytes: 256, sweepIntervalMs: 500, maxAttempts: 2 },
    routers: Object.values(models).map(router),
    webhooks: { allowHttp: true, scheduleMs: [0, 100, 1_000, 5_000, 10_000, 20_000] },
    outbound: { allowedCidrs: ['127.0.0.0/8'] },
  };
}

/** Every process that dies is started again at once. */
function keepRunning(stack: Stack) {
  let stopped = false;
  let deaths = 0;
  let starting: Promise<unknown> = Promise.resolve();

  function watch(isApi: boolean, child: Stack['api']): void {
    void child.ended.then(async () => {
      if (stopped) return;
      deaths += 1;
      if (!isApi) return watch(false, stack.addWorker());
      starting = stack.restartApi();
      // One that dies while it starts is started again too.
      await starting.catch(() => undefined);
      watch(true, stack.api);
    });
  }

  watch(true, stack.api);
  for (const worker of [...stack.workers]) watch(false, worker);
  return {
    deaths: () => deaths,
    async stop() {
      stopped = true;
      await starting.catch(() => undefined);
    },
  };
}

function sender(url: string, token: string): Caller['send'] {
  return async (method, path, { body, headers = {} } = {}) => {
    let answer: { status: number; body: unknown } | null = null;
    await until(`an answer to ${method} ${path}`, giveUpAfterMs, async () => {
      const isForm = body instanceof FormData;
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      }).catch(() => null);
      const text = await response?.text().catch(() => null);
      if (!response || text === null || text === undefined || response.status >= 500) {
        await delay(retryAfterMs);
        return false;
      }
      answer = { status: response.status, body: bodyOf(text) };
      return true;
    });
    return answer ?? { status: 0, body: null };
  };
}

/** JSON where it is JSON; lines of it and other texts as they are. */
function bodyOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
