import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Registry } from 'prom-client';
import { type App, createApp } from '../../src/api/app.ts';
import { parseConfig } from '../../src/config.ts';
import type { Principal } from '../../src/core/access.ts';
import type { Dialect } from '../../src/core/endpoint.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { collectingLog, type LogLine } from './log.ts';

export const user: Principal = {
  kind: 'user',
  userId: 7,
  keyId: 3,
  permissions: [],
  limits: [],
  expired: false,
};

export interface TestApi {
  url: string;
  app: App;
  server: Server;
  /** Lines of the log, fields and message. */
  lines: LogLine[];
  leaving: AbortController;
  draining: AbortController;
  metrics: Registry;
}

export interface TestApiOptions {
  /** The few verbs the test is about; `authenticate` knows the secret `good` unless given. */
  verbs?: Partial<Verbs>;
  dialects?: readonly Dialect[];
  http?: Partial<ReturnType<typeof parseConfig>['http']>;
  documents?: { waitMs: number };
  temporalUiUrl?: string;
}

/** The application on a port of its own, over verbs that are functions of the test. Closed when the test ends. */
export async function startTestApi(context: TestContext, options: TestApiOptions = {}): Promise<TestApi> {
  const defaults = parseConfig({});
  const leaving = new AbortController();
  const draining = new AbortController();
  const metrics = new Registry();
  const lines: LogLine[] = [];
  const verbs = verbsOf({ authenticate, ...options.verbs });
  const app = createApp({
    verbs,
    shortVerbs: verbs,
    dialects: options.dialects ?? [],
    settings: {
      http: { ...defaults.http, ...options.http },
      jobs: defaults.jobs,
      documents: options.documents ?? defaults.documents,
      temporal: { ...defaults.temporal, uiUrl: options.temporalUiUrl ?? null },
      files: defaults.files,
    },
    log: collectingLog(lines),
    metrics,
    leaving: leaving.signal,
    draining: draining.signal,
  });
  const server = createServer(app.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, app, server, lines, leaving, draining, metrics };
}

export const asUser = { authorization: 'Bearer good' };

const authenticate: Verbs['authenticate'] = async ({ secret }) => {
  if (secret === 'good') return user;
  throw new GatewayError('invalid_api_key', 'Invalid API key.');
};

function verbsOf(verbs: Partial<Verbs>): Verbs {
  return new Proxy(verbs, {
    get(target, name) {
      const verb = Reflect.get(target, name);
      if (verb === undefined) throw new Error(`The test has no verb '${String(name)}'.`);
      return verb;
    },
  }) as Verbs;
}

/** The body of an answer, as the test says it is. */
export async function jsonOf<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** An error as the jobs dialect renders it. */
export interface NativeError {
  error: { message: string; type: string; param: string | null; code: string };
  errors: { source: string; param: string; message: string }[];
  request_id: string;
}

/** An error as the dialect of `echo-dialect.ts` renders it. */
export interface EchoError {
  echo: string;
  message: string;
  param: string | null;
  requestId: string;
}
