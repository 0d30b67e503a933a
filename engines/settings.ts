/** The settings of the launcher: this room's only reader of the environment. */
import { dirname, resolve } from 'node:path';
import { LauncherError } from './launcher-error.ts';
import type { EngineName } from './versions.ts';

export interface Ports {
  temporal: number;
  temporalUi: number;
  mongodb: number;
  elasticsearch: number;
}

/** Addresses of engines that somebody else runs. */
export interface Addresses {
  /** `host:port`. */
  temporal?: string;
  /** A `mongodb://` URL. */
  mongodb?: string;
  /** An `http://` or `https://` URL. */
  elasticsearch?: string;
}

export interface Settings {
  projectDir: string;
  /** Absolute. Engine data, logs and run state. */
  dataDir: string;
  /** Programs that were fetched; shared by every data folder of the project. */
  cacheDir: string;
  modelsDir: string;
  addresses: Addresses;
  /** Programs named by the environment, which win over PATH and cache. */
  programs: Partial<Record<EngineName, string>>;
  /** Whether a vendor's archive may be fetched over the internet. */
  allowDownload: boolean;
  ports: Ports;
  /** A JVM size such as `512m`. */
  elasticsearchHeap: string;
  /** `quick` starts on half the CPU time and searches more slowly: for tests, never for measurements. */
  elasticsearchCompiler: 'full' | 'quick';
}

export type Environment = Readonly<Record<string, string | undefined>>;

const projectDir = dirname(import.meta.dirname);

/** The variable that names an engine's program. */
export const programVariables: Record<EngineName, string> = {
  temporal: 'TEMPORAL_BIN',
  temporalTestServer: 'TEMPORAL_TEST_SERVER',
  mongodb: 'MONGOD_BIN',
  elasticsearch: 'ELASTICSEARCH_HOME',
};

/** The variable that changes a fixed port. */
export const portVariables: Record<keyof Ports, string> = {
  temporal: 'TEMPORAL_PORT',
  temporalUi: 'TEMPORAL_UI_PORT',
  mongodb: 'MONGODB_PORT',
  elasticsearch: 'ELASTICSEARCH_PORT',
};

const defaultPorts: Ports = { temporal: 7233, temporalUi: 8233, mongodb: 27017, elasticsearch: 9200 };

function readPort(environment: Environment, name: keyof Ports): number {
  const variable = portVariables[name];
  const text = environment[variable];
  if (!text) return defaultPorts[name];
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new LauncherError(`${variable} is "${text}"`, 'It must be a port number from 1 to 65535.');
}

function readHeap(environment: Environment): string {
  const heap = environment['ELASTICSEARCH_HEAP'] || '512m';
  if (/^[1-9]\d*[mg]$/i.test(heap)) return heap;
  throw new LauncherError(`ELASTICSEARCH_HEAP is "${heap}"`, 'It must be a JVM size such as 512m or 2g.');
}

/** An empty variable counts as absent, as in `TEMPORAL_ADDRESS= npm start`. */
function pick<K extends string>(environment: Environment, variables: Record<K, string>): Partial<Record<K, string>> {
  const entries = Object.entries<string>(variables).map(([key, variable]) => [key, environment[variable]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value)) as Partial<Record<K, string>>;
}

export function readSettings(environment: Environment = process.env): Settings {
  const dataDir = resolve(projectDir, environment['DATA_DIR'] || '.data');
  return {
    projectDir,
    dataDir,
    cacheDir: resolve(projectDir, '.data/engines'),
    modelsDir: resolve(projectDir, environment['MODELS_DIR'] || '.data/models'),
    addresses: pick(environment, {
      temporal: 'TEMPORAL_ADDRESS',
      mongodb: 'MONGODB_URL',
      elasticsearch: 'ELASTICSEARCH_URL',
    }),
    programs: pick(environment, programVariables),
    allowDownload: environment['ENGINES_ALLOW_DOWNLOAD'] !== '0',
    ports: {
      temporal: readPort(environment, 'temporal'),
      temporalUi: readPort(environment, 'temporalUi'),
      mongodb: readPort(environment, 'mongodb'),
      elasticsearch: readPort(environment, 'elasticsearch'),
    },
    elasticsearchHeap: readHeap(environment),
    elasticsearchCompiler: 'full',
  };
}
