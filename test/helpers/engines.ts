/** What a test file needs to use the shared engines without meeting another file's data. */
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';

export interface TestEngines {
  mongodbUrl: string;
  /** A database of this file's own. */
  database: string;
  /** `host:port`. */
  temporalAddress: string;
  /** Prefix of task queues of this file's own. */
  queuePrefix: string;
  elasticsearchUrl: string;
  /** Prefix of indices of this file's own. */
  indexPrefix: string;
  /** Folder of the local models. */
  modelsDir: string;
}

/** An address that the global setup puts into the environment. */
function requireAddress(variable: string): string {
  const value = process.env[variable];
  if (value) return value;
  throw new Error(
    `${variable} is not set. Tests on engines run with "npm test -- <file>", which starts them, ` +
      'or with the addresses of running engines in the environment (npm run engines -- up prints them).',
  );
}

/** A file whose tests are over ends: what it has left open would hold up the whole run, and is told instead. */
const endsWithinMs = 60_000;
after(() => {
  setTimeout(() => {
    process.stderr.write(`Left open after the last test: ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit(1);
  }, endsWithinMs).unref();
});

/** The engines, with names that are new on every call. */
export function useEngines(): TestEngines {
  const own = `test_${randomBytes(5).toString('hex')}`;
  return {
    mongodbUrl: patient(requireAddress('MONGODB_URL')),
    database: own,
    temporalAddress: requireAddress('TEMPORAL_ADDRESS'),
    queuePrefix: own,
    elasticsearchUrl: requireAddress('ELASTICSEARCH_URL'),
    indexPrefix: own,
    modelsDir: requireAddress('MODELS_DIR'),
  };
}

/** A machine that is busy with something else may take a while to answer. */
function patient(mongodbUrl: string): string {
  const start = mongodbUrl.includes('?') ? `${mongodbUrl}&` : `${mongodbUrl.replace(/\/$/, '')}/?`;
  return `${start}serverSelectionTimeoutMS=60000`;
}

/** The same for the other two, as settings. */
export const patience = {
  temporal: { callTimeoutMs: 60_000 },
  elasticsearch: { searchTimeoutMs: 60_000 },
} as const;

/** The executable of Temporal's time-skipping test server. */
export function testServerPath(): string {
  return requireAddress('TEMPORAL_TEST_SERVER');
}
