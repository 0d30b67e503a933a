/** One Elasticsearch node, security off, on the loopback address. */
import { cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mavenRemedy } from '../acquire/maven.ts';
import { LauncherError } from '../launcher-error.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { findJavas, isRecentEnough } from '../tools.ts';
import type { DaemonSpec } from './daemon.ts';
import { canReach, claimOutsideDirectory, giveTo, outsideDirectory, requiredUid } from './unprivileged.ts';

export interface ElasticsearchOptions {
  /** The home folder of the program. */
  program: string;
  port: number;
  transportPort: number;
  /** A JVM size such as `512m`. */
  heap: string;
  compiler: Settings['elasticsearchCompiler'];
  directory: string;
  logFile: string;
  progress: Progress;
}

interface Place {
  home: string;
  directory: string;
}

const requestTimeoutMs = 2_000;

/** Without the second compiler a start takes 17 s of CPU time in place of 37. */
const compilerFlags: Record<Settings['elasticsearchCompiler'], string[]> = {
  full: [],
  quick: ['-XX:TieredStopAtLevel=1'],
};

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The project itself where possible; otherwise copies in the system's temporary folder, said aloud. */
async function findPlace(options: ElasticsearchOptions, uid: number | undefined): Promise<Place> {
  const { program, directory, progress } = options;
  await mkdir(directory, { recursive: true });
  if (canReach(program, uid) && canReach(directory, uid)) return { home: program, directory };
  const outside = outsideDirectory(directory);
  await claimOutsideDirectory(outside);
  progress.say(`  Elasticsearch must not run as root and no other user can enter this folder: it runs in ${outside}`);
  const home = join(outside, 'program');
  await rm(home, { recursive: true, force: true });
  await cp(program, home, { recursive: true });
  return { home, directory: join(outside, 'node') };
}

async function findJavaHome(home: string, uid: number | undefined): Promise<string> {
  const bundled = join(home, 'jdk');
  if (await exists(bundled)) return bundled;
  const recent = (await findJavas()).filter(isRecentEnough);
  const java = recent.find((candidate) => canReach(candidate.home, uid));
  if (java) return java.home;
  throw new LauncherError(
    recent[0]
      ? `Elasticsearch runs as user ${uid}, who cannot enter the Java in ${recent[0].home}.`
      : 'Elasticsearch needs Java 17 or later, and there is none on this machine.',
    mavenRemedy,
  );
}

/** A setting of a module that the program does not have would abort the start. */
async function moduleSettings(home: string): Promise<Record<string, boolean>> {
  const settings: Record<string, boolean> = {};
  if (await exists(join(home, 'modules/x-pack-ml'))) settings['xpack.ml.enabled'] = false;
  if (await exists(join(home, 'modules/ingest-geoip'))) settings['ingest.geoip.downloader.enabled'] = false;
  return settings;
}

async function writeConfiguration(place: Place, options: ElasticsearchOptions): Promise<string> {
  const configDir = join(place.directory, 'config');
  await rm(configDir, { recursive: true, force: true });
  await cp(join(place.home, 'config'), configDir, { recursive: true });
  const settings = {
    'cluster.name': 'switchyard',
    'discovery.type': 'single-node',
    'network.host': '127.0.0.1',
    'http.port': options.port,
    'transport.port': options.transportPort,
    'path.data': join(place.directory, 'data'),
    'path.logs': join(place.directory, 'logs'),
    'xpack.security.enabled': false,
    'node.store.allow_mmap': false,
    // A developer's disk is often fuller than the 90 % at which indices become read-only.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    ...(await moduleSettings(place.home)),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  await writeFile(join(configDir, 'elasticsearch.yml'), lines.join(''));
  return configDir;
}

async function answers(port: number): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=1s`;
  const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
  await response.arrayBuffer();
  return response.ok;
}

export async function describeElasticsearch(options: ElasticsearchOptions): Promise<DaemonSpec> {
  const uid = requiredUid();
  const place = await findPlace(options, uid);
  const javaHome = await findJavaHome(place.home, uid);
  const configDir = await writeConfiguration(place, options);
  const temporaryDir = join(place.directory, 'tmp');
  for (const folder of ['data', 'logs', 'tmp']) await mkdir(join(place.directory, folder), { recursive: true });
  await giveTo(uid, place.directory);
  return {
    title: 'Elasticsearch',
    command: 'bash',
    // The package has no bin/elasticsearch; this is what that script would do, and it works in every distribution.
    args: ['bin/elasticsearch-cli'],
    cwd: place.home,
    env: {
      PATH: process.env['PATH'],
      HOME: place.directory,
      ES_JAVA_HOME: javaHome,
      ES_PATH_CONF: configDir,
      ES_TMPDIR: temporaryDir,
      ES_JAVA_OPTS: [`-Xms${options.heap}`, `-Xmx${options.heap}`, ...compilerFlags[options.compiler]].join(' '),
      CLI_NAME: 'server',
      CLI_LIBS: 'lib/tools/server-cli',
    },
    ...(uid !== undefined && { uid }),
    logFile: options.logFile,
    isReady: () => answers(options.port),
    readyTimeoutMs: 300_000,
    remedy: (_ending, log) =>
      /OutOfMemoryError|insufficient memory|Cannot allocate memory/.test(log)
        ? `It has a heap of ${options.heap}: free some memory, or set ELASTICSEARCH_HEAP to another size.`
        : undefined,
  };
}
