/**
 * One schema over `switchyard.yaml` and the environment; the only reader of `process.env`. Defaults < file <
 * environment. All faults are listed at once, then the process exits.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

import { configuredRouters, configuredVendors } from './core/models/configured-models.ts';
import { vendorsIn } from './core/models/vendor-variables.ts';
import { standardScheduleMs } from './core/webhooks/delivery-schedule.ts';

const MiB = 1024 * 1024;
const second = 1000;
const day = 24 * 3600 * second;
const count = z.coerce.number().int().nonnegative();
const positive = z.coerce.number().int().positive();

/** A list, or one text with commas, as the environment has it. */
function listed<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item));
}

const cidr = z
  .string()
  .trim()
  .pipe(z.union([z.cidrv4(), z.cidrv6()], 'must be a range such as 10.1.0.0/16'));

/** One port, or the first and the last of several. */
const ports = z.coerce
  .string()
  .trim()
  .regex(/^\d{1,5}(?:-\d{1,5})?$/, 'must be a port or a range such as 1024-65535');

const hostAndPort = z
  .string()
  .trim()
  .refine(
    (text) => /^(?:\[[0-9a-f:.]+\]|[^\s:/@]+):\d{1,5}$/i.test(text) && Number(text.split(':').at(-1)) <= 65_535,
    'must be a name or an address with a port such as temporal-ui:8080',
  );

/** A section may be left out as a whole: every field has its default. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>);
}

const schema = z.strictObject({
  dataDir: z.string().min(1).default('.data'),
  /** Generated into `dataDir` at the first start when it is not given. */
  masterKey: z.string().min(16, 'must have at least 16 characters').nullable().default(null),
  /** Mixed into the hashes of API keys; changing it invalidates every key. */
  keyPepper: z.string().min(16).nullable().default(null),
  secrets: section({
    /** Other systems' keys are sealed with it; generated into `dataDir` at the first start when it is not given. */
    key: z.string().min(16, 'must have at least 16 characters').nullable().default(null),
    /** What they were sealed with before; in the environment separated by commas. */
    oldKeys: listed(z.string().min(16, 'must have at least 16 characters')).default([]),
  }),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  http: section({
    host: z.string().min(1).default('127.0.0.1'),
    port: z.coerce.number().int().min(0).max(65_535).default(8080),
    maxInferenceBodyBytes: positive.default(20 * MiB),
    maxBodyBytes: positive.default(1 * MiB),
    maxJsonDepth: positive.default(64),
    maxJsonNodes: positive.default(100_000),
    maxFileBytes: positive.default(100 * MiB),
    maxFiles: positive.default(20),
    maxFields: positive.default(200),
    maxFieldBytes: positive.default(1 * MiB),
    /** From the first word of the end to the last new connection: for load balancers to notice. */
    drainDelayMs: count.default(2 * second),
    shutdownTimeoutMs: positive.default(10 * second),
  }),
  mongodb: section({
    url: z.string().min(1).default('mongodb://127.0.0.1:27017/?directConnection=true'),
    database: z.string().min(1).default('switchyard'),
  }),
  temporal: section({
    address: z.string().min(1).default('127.0.0.1:7233'),
    namespace: z.string().min(1).default('default'),
    /** Names the task queues, so that several installations can share a server. */
    queuePrefix: z.string().min(1).default('switchyard'),
    uiUrl: z.url().nullable().default(null),
    /** For one call of the API on the engine. */
    callTimeoutMs: positive.default(3 * second),
  }),
  elasticsearch: section({
    url: z.url().default('http://127.0.0.1:9200'),
    indexPrefix: z
      .string()
      .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower case letters, digits, - and _')
      .default('switchyard'),
    /** For one search. */
    searchTimeoutMs: positive.default(10 * second),
  }),
  upstreams: section({
    connectTimeoutMs: positive.default(5 * second),
    /** From the sent request to the head of the answer. A model may think before it speaks. */
    firstByteTimeoutMs: positive.default(300 * second),
    /** Between two pieces of an answer. */
    idleTimeoutMs: positive.default(120 * second),
  }),
  /** Where callers may make this installation connect to: provider URLs of the API, webhooks, pictures by address. */
  outbound: section({
    /** Ranges that may be reached although they are not public; in the environment separated by commas. */
    allowedCidrs: listed(cidr).default([]),
    allowedPorts: listed(ports).default(['80', '443', '1024-65535']),
    /** What may not be reached although an allowed range has it, beside what this process knows as its own. */
    deniedEndpoints: listed(hostAndPort).default([]),
    /** Pictures and files that one request names by address. */
    maxDownloads: count.default(50),
    /** Of all of them together. */
    maxDownloadBytes: positive.default(20 * MiB),
    /** Of one. */
    downloadTimeoutMs: positive.default(30 * second),
  }),
  models: section({
    /** Folder of the local models, one sub-folder each. */
    dir: z.string().min(1).default('.data/models'),
    /** The embedding model of new collections. */
    embedding: z.string().min(1).default('all-minilm-l6-v2'),
    /** Threads of a local model. */
    threads: positive.default(Math.min(4, availableParallelism())),
    /** A local model's process ends after that long without a call. */
    idleTimeoutMs: positive.default(600 * second),
  }),
  chat: section({
    /** Stored completions and responses are deleted after it. */
    storedRetentionMs: positive.default(30 * day),
    /** Of the messages of one, as JSON. A record of the database has room for 16 MiB, and the answer is in it too. */
    maxStoredBytes: positive.max(12 * MiB).default(8 * MiB),
  }),
  /** Models and what is behind them, made at the start and kept equal to this. */
  routers: configuredRouters.default([]),
  /** Vendors whose listed models are offered. */
  vendors: configuredVendors.default([]),
  jobs: section({
    maxAttempts: positive.default(5),
    inlineBodyBytes: positive.default(16 * 1024),
    inlineResultBytes: positive.default(256 * 1024),
    resultRetentionMs: positive.default(7 * day),
    recordRetentionMs: positive.default(30 * day),
    maxWaitMs: positive.default(60 * second),
    sweepIntervalMs: positive.default(2 * second),
  }),
  shortCalls: section({
    /** `inline` runs them in the API; `worker` as standalone activities, where operators see them. Streams are inline. */
    where: z.enum(['inline', 'worker']).default('inline'),
    /** Of one in a worker: waiting for a free one included. */
    timeoutMs: positive.default(600 * second),
  }),
  usage: section({
    /** Of this machine, kept when the process ends; processes may share it. `<dataDir>/usage` unless given. */
    spoolDir: z.string().min(1).nullable().default(null),
    /** Records that wait on the local disk for MongoDB; beyond it no call on a model begins. */
    maxSpoolBytes: positive.default(1024 * MiB),
    writeIntervalMs: positive.default(second / 2),
    /** Records are deleted after it. */
    retentionMs: positive.default(400 * day),
  }),
  webhooks: section({
    /** Endpoints of one user. */
    maxEndpoints: positive.default(100),
    /** Deliveries, and the events they are about, are deleted after it. */
    retentionMs: positive.default(30 * day),
    /** Before each attempt, counted from the one before; the first from the event. As many attempts as entries. */
    scheduleMs: listed(count).default([...standardScheduleMs]),
    /** Of one attempt as a whole. The step that makes it and writes it down has two minutes. */
    timeoutMs: positive.max(90 * second).default(15 * second),
    /** An endpoint that has taken nothing for so long is disabled. */
    disableAfterMs: positive.default(5 * day),
    /** Calls that a process makes on one receiver at once; one that fails gets one. */
    callsPerReceiver: positive.default(8),
    /** Addresses may begin with http://, too. */
    allowHttp: z.stringbool().or(z.boolean()).default(false),
  }),
  documents: section({
    /** How long `POST /v1/documents` waits for the job before it answers 202. */
    waitMs: count.default(20 * second),
    maxPages: positive.default(2_000),
    maxPixels: positive.default(64_000_000),
    maxMarkdownBytes: positive.default(512 * MiB),
    maxChunks: positive.default(500_000),
    /** Text of all chunks of a document; where they overlap, it counts for each. */
    maxChunkTextBytes: positive.default(2048 * MiB),
    parseTimeoutMs: positive.default(60 * second),
    /** Processor time, where `parseTimeoutMs` is wall clock: a busy machine is no fault of the file. */
    parseCpuMs: positive.default(9 * second),
    /** The same two for the recognition of the picture of one page. */
    recognitionTimeoutMs: positive.default(300 * second),
    recognitionCpuMs: positive.default(90 * second),
    parseMemoryBytes: positive.default(768 * MiB),
    parserProcesses: positive.default(Math.max(1, availableParallelism())),
    ocrLanguages: z.array(z.string().min(1)).min(1).default(['eng']),
  }),
  files: section({
    maxBytes: positive.default(512 * MiB),
    /** Of one with the lines of a batch. */
    maxBatchBytes: positive.default(200 * MiB),
    /** Of one that comes in parts. */
    maxUploadBytes: positive.default(8192 * MiB),
    maxPartBytes: positive.default(64 * MiB),
    /** All files of one owner, with the parts of what is not complete and deleted ones that batches still read. */
    maxStoredBytes: positive.default(102_400 * MiB),
    /** All files that one call shows to a model: they are held in memory while it is asked. */
    maxInputBytes: positive.default(50 * MiB),
    maxInputFiles: positive.default(50),
  }),
  batches: section({
    maxLines: positive.default(50_000),
    /** Of one shard of a batch; four shards of it run side by side, eight of all batches in a worker. */
    linesAtOnce: positive.default(8),
    /** Of a file of texts that are to be embedded. */
    maxTexts: positive.default(1_000_000),
    maxTextBytes: positive.default(1 * MiB),
    textsPerCall: positive.max(2_048).default(64),
  }),
  worker: section({
    /** Answers `/livez`, `/readyz` and `/metrics` of the worker process; null for no port. */
    healthPort: z.coerce.number().int().min(0).max(65_535).nullable().default(null),
    healthHost: z.string().min(1).default('127.0.0.1'),
    shutdownGraceMs: positive.default(30 * second),
  }),
});

export type Config = z.output<typeof schema>;
export type ConfigInput = z.input<typeof schema>;

/** Environment variable -> where it goes in the configuration. */
const environment: Record<string, string> = {
  DATA_DIR: 'dataDir',
  MASTER_KEY: 'masterKey',
  KEY_PEPPER: 'keyPepper',
  SECRETS_KEY: 'secrets.key',
  SECRETS_OLD_KEYS: 'secrets.oldKeys',
  LOG_LEVEL: 'logLevel',
  HOST: 'http.host',
  PORT: 'http.port',
  DRAIN_DELAY_MS: 'http.drainDelayMs',
  MAX_FILE_BYTES: 'http.maxFileBytes',
  MONGODB_URL: 'mongodb.url',
  MONGODB_DATABASE: 'mongodb.database',
  TEMPORAL_ADDRESS: 'temporal.address',
  TEMPORAL_NAMESPACE: 'temporal.namespace',
  TEMPORAL_QUEUE_PREFIX: 'temporal.queuePrefix',
  TEMPORAL_UI_URL: 'temporal.uiUrl',
  ELASTICSEARCH_URL: 'elasticsearch.url',
  ELASTICSEARCH_INDEX_PREFIX: 'elasticsearch.indexPrefix',
  OUTBOUND_ALLOWED_CIDRS: 'outbound.allowedCidrs',
  OUTBOUND_ALLOWED_PORTS: 'outbound.allowedPorts',
  OUTBOUND_DENIED_ENDPOINTS: 'outbound.deniedEndpoints',
  MODELS_DIR: 'models.dir',
  USAGE_SPOOL_DIR: 'usage.spoolDir',
  SHORT_CALLS: 'shortCalls.where',
  WEBHOOKS_SCHEDULE_MS: 'webhooks.scheduleMs',
  WEBHOOKS_ALLOW_HTTP: 'webhooks.allowHttp',
  DOCUMENT_WAIT_MS: 'documents.waitMs',
  PARSER_PROCESSES: 'documents.parserProcesses',
  WORKER_HEALTH_PORT: 'worker.healthPort',
  WORKER_HEALTH_HOST: 'worker.healthHost',
  WORKER_SHUTDOWN_GRACE_MS: 'worker.shutdownGraceMs',
};

/** Thrown with every fault of the configuration, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the file named by `SWITCHYARD_CONFIG`, or `switchyard.yaml` if there is one, and lays `env` over it. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { input, source } = readSettings(env);
  // A file that names models says which there are: a key beside it does not open all of its vendor's to every user.
  const fromFile = { routers: expand(input['routers'], env), vendors: expand(input['vendors'], env) };
  const namesNone = fromFile.routers === undefined && fromFile.vendors === undefined;
  return parseConfig({ ...input, ...(namesNone ? { vendors: vendorsIn(env) } : fromFile) }, source);
}

/**
 * The same without models, which workers have from the store: they can share the file of the API without the keys that
 * its `routers` and `vendors` refer to.
 */
export function loadWorkerConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { input, source } = readSettings(env);
  return parseConfig({ ...input, routers: [], vendors: [] }, source);
}

/** What the file says that a variable could have said, as these variables: for a launcher, which has no other words. */
export function variablesOfFile(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { input } = readInput(env);
  const found = Object.entries(environment).flatMap(([variable, path]) => {
    const value = valueAt(input, path.split('.'));
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[variable, String(value)]] : [];
  });
  return Object.fromEntries(found);
}

function readSettings(env: NodeJS.ProcessEnv): { input: Record<string, unknown>; source: string } {
  const { input, source } = readInput(env);
  for (const [variable, path] of Object.entries(environment)) {
    const value = env[variable];
    if (value !== undefined && value !== '') assign(input, path.split('.'), value);
  }
  return { input, source };
}

function readInput(env: NodeJS.ProcessEnv): { input: Record<string, unknown>; source: string } {
  const file = env['SWITCHYARD_CONFIG'] || 'switchyard.yaml';
  const isThere = existsSync(file);
  const input = env['SWITCHYARD_CONFIG'] || isThere ? readFile(file) : {};
  return { input, source: isThere ? file : 'the environment' };
}

/** Checks a configuration given as an object; tests and commands use it in place of a file. */
export function parseConfig(input: unknown, source = 'the configuration'): Config {
  const result = schema.safeParse(input);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(root)'}: ${issue.message}`);
    throw new ConfigError(`Invalid configuration in ${source}:\n${lines.join('\n')}`);
  }
  return deepFreeze({
    ...result.data,
    dataDir: resolve(result.data.dataDir),
    models: { ...result.data.models, dir: resolve(result.data.models.dir) },
  });
}

function readFile(path: string): Record<string, unknown> {
  try {
    const parsed: unknown = parse(readFileSync(path, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch (error) {
    throw new ConfigError(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const reference = /\$\{(\w+)(?::-([^}]*))?\}/g;

/** Puts the value of the variable in the place of `${NAME}`, or what stands behind `:-` where it is not set. */
function expand(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (Array.isArray(value)) return value.map((item) => expand(item, env));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, env)]));
  }
  if (typeof value !== 'string') return value;
  return value.replaceAll(reference, (_whole, name: string, otherwise: string | undefined) => {
    const found = env[name] || otherwise;
    if (found === undefined) throw new ConfigError(`The configuration refers to ${name}, which is not set.`);
    return found;
  });
}

function valueAt(input: unknown, [head, ...rest]: readonly string[]): unknown {
  return head === undefined ? input : valueAt((input as Record<string, unknown> | null | undefined)?.[head], rest);
}

function assign(target: Record<string, unknown>, path: readonly string[], value: string): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const child = target[head];
  const next = typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : {};
  target[head] = next;
  assign(next, rest, value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
