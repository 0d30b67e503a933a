/** Looks at everything the launcher needs of a machine and says what to do about what is missing. */
import { readFile } from 'node:fs/promises';
import { findInCache } from './acquire/cache.ts';
import { findInstalled } from './acquire/installed.ts';
import { mavenRemedy } from './acquire/maven.ts';
import { pythonRemedy } from './acquire/pip.ts';
import { run } from './commands.ts';
import { formatBytes, freeBytes } from './disk.ts';
import { canReach, requiredUid } from './launch/unprivileged.ts';
import { findPortHolder, isPortFree } from './ports.ts';
import type { Progress } from './progress.ts';
import { findRunning } from './running.ts';
import { type Ports, portVariables, type Settings } from './settings.ts';
import { findJavas, findMaven, findPython, isRecentEnough, minimumJavaMajor } from './tools.ts';
import { currentPlatform, type EngineName, lockedEngines } from './versions.ts';

/** `missing` stops the engines from starting; `warning` may. */
export interface Finding {
  verdict: 'ok' | 'warning' | 'missing';
  subject: string;
  detail: string;
  /** Present unless the verdict is `ok`. */
  remedy?: string;
}

type EngineReport = { name: EngineName; origin: string | undefined };

const wantedFreeBytes = 4 * 1024 ** 3;
const silent: Progress = { say: () => {}, step: (_label, work) => work(() => {}) };

const ok = (subject: string, detail: string): Finding => ({ verdict: 'ok', subject, detail });

async function checkNode(): Promise<Finding> {
  return ok('Node', process.version);
}

function checkPlatform(): Finding {
  const platform = currentPlatform();
  if (platform) return ok('Platform', platform);
  return {
    verdict: 'warning',
    subject: 'Platform',
    detail: `${process.platform}-${process.arch} has no locked packages`,
    remedy: 'Run the engines elsewhere and set TEMPORAL_ADDRESS, MONGODB_URL and ELASTICSEARCH_URL.',
  };
}

/** MongoDB 5 and later use AVX on x86-64. */
async function checkAvx(mongodbNeeded: boolean): Promise<Finding | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const flags = /^flags\s*:(.*)$/m.exec(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))?.[1] ?? '';
  if (flags.split(' ').includes('avx')) return ok('CPU', 'has AVX');
  return {
    verdict: mongodbNeeded ? 'missing' : 'warning',
    subject: 'CPU',
    detail: 'has no AVX, which mongod needs',
    remedy: 'Run MongoDB on another machine and set MONGODB_URL.',
  };
}

function checkUser(): Finding {
  const uid = requiredUid();
  return ok('User', uid === undefined ? `uid ${process.getuid?.()}` : `root; Elasticsearch will run as uid ${uid}`);
}

async function checkDisk({ dataDir }: Settings): Promise<Finding> {
  const free = await freeBytes(dataDir);
  const detail = `${formatBytes(free)} free for ${dataDir}`;
  if (free >= wantedFreeBytes) return ok('Disk', detail);
  return {
    verdict: 'warning',
    subject: 'Disk',
    detail,
    remedy: `Fetching everything takes up to ${formatBytes(wantedFreeBytes)}: free some space.`,
  };
}

async function checkPort(name: keyof Ports, settings: Settings): Promise<Finding> {
  const port = settings.ports[name];
  const subject = `Port ${port}`;
  if (await isPortFree(port)) return ok(subject, `free for ${name}`);
  const holder = findPortHolder(port);
  return {
    verdict: 'missing',
    subject,
    detail: `wanted for ${name}, taken${holder ? ` by process ${holder}` : ''}`,
    remedy: `End that process, or choose another port: ${portVariables[name]}=<port>.`,
  };
}

async function checkPorts(settings: Settings): Promise<Finding[]> {
  const running = await findRunning(settings.dataDir);
  if (running) return [ok('Ports', 'held by the engines of this project, which are running')];
  const { temporal, mongodb, elasticsearch } = settings.addresses;
  const wanted: (keyof Ports)[] = [
    ...(temporal ? [] : (['temporal', 'temporalUi'] as const)),
    ...(mongodb ? [] : (['mongodb'] as const)),
    ...(elasticsearch ? [] : (['elasticsearch'] as const)),
  ];
  return Promise.all(wanted.map((name) => checkPort(name, settings)));
}

async function inspectEngine(name: EngineName, settings: Settings): Promise<EngineReport> {
  const address = name === 'temporalTestServer' ? undefined : settings.addresses[name];
  if (address) return { name, origin: `address in the environment: ${address}` };
  if (settings.programs[name]) return { name, origin: settings.programs[name] };
  const installed = await findInstalled(name, silent);
  if (installed) return { name, origin: `${installed.path} (${installed.origin})` };
  const cached = await findInCache(settings.cacheDir, name);
  return { name, origin: cached && 'source' in cached ? `cached, from ${cached.source}` : undefined };
}

function describeEngine({ name, origin }: EngineReport): Finding {
  return ok(lockedEngines[name].title, origin ?? 'not here yet; it is fetched at the first start');
}

async function checkPython(needed: boolean): Promise<Finding[]> {
  const python = await findPython();
  const verdict = needed ? 'missing' : 'warning';
  if (!python) return [{ verdict, subject: 'Python', detail: 'none of version 3.8 or later', remedy: pythonRemedy }];
  const hasPip = await run(python.command, ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
  const hasVenv = await run(python.command, ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
  const found = ok(
    'Python',
    `${python.version} with ${[hasPip && 'pip', hasVenv && 'venv'].filter(Boolean).join(' and ') || 'neither pip nor venv'}`,
  );
  return hasPip || hasVenv ? [found] : [{ ...found, verdict, remedy: pythonRemedy }];
}

async function checkMaven(needed: boolean): Promise<Finding> {
  const maven = await findMaven();
  if (maven) return ok('Maven', maven);
  return { verdict: needed ? 'missing' : 'warning', subject: 'Maven', detail: 'no mvn', remedy: mavenRemedy };
}

async function checkJava(needed: boolean): Promise<Finding> {
  const javas = await findJavas();
  const uid = requiredUid();
  const usable = javas.find((java) => isRecentEnough(java) && canReach(java.home, uid));
  if (usable) return ok('Java', `${usable.major} in ${usable.home}`);
  const found = javas.map((java) => `${java.major} in ${java.home}`).join(', ') || 'none';
  return {
    verdict: needed ? 'missing' : 'warning',
    subject: 'Java',
    detail: `${minimumJavaMajor} or later is needed${uid === undefined ? '' : `, open to uid ${uid}`}; there is: ${found}`,
    remedy: mavenRemedy,
  };
}

/** All findings, in the order in which they matter. */
export async function examine(settings: Settings): Promise<Finding[]> {
  const names = Object.keys(lockedEngines) as EngineName[];
  const reports = await Promise.all(names.map((name) => inspectEngine(name, settings)));
  const isAbsent = (name: EngineName) => reports.find((report) => report.name === name)?.origin === undefined;
  // The vendor's archives stand in for the registries, where they may be used.
  const registriesNeeded = !settings.allowDownload;
  const wheelsNeeded = registriesNeeded && (isAbsent('temporal') || isAbsent('mongodb'));
  const avx = await checkAvx(!settings.addresses.mongodb);
  return [
    await checkNode(),
    checkPlatform(),
    ...(avx ? [avx] : []),
    checkUser(),
    await checkDisk(settings),
    ...(await checkPython(wheelsNeeded)),
    await checkMaven(registriesNeeded && isAbsent('elasticsearch')),
    await checkJava(registriesNeeded && !settings.addresses.elasticsearch),
    ...reports.map(describeEngine),
    ...(await checkPorts(settings)),
  ];
}
