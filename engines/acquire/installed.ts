/** Engines that the machine already has on PATH, used when they are recent enough for what we ask of them. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findOnPath, run } from '../commands.ts';
import type { Progress } from '../progress.ts';
import type { EngineName } from '../versions.ts';

interface Installed {
  path: string;
  version: string;
}

interface Probe {
  command: string;
  /** `major.minor` at least, and why. */
  minimum: string;
  /** What is used of the command, and its version. */
  inspect(command: string): Promise<Installed | undefined>;
}

async function inspectByFlag(command: string, pattern: RegExp): Promise<Installed | undefined> {
  const version = pattern.exec(await run(command, ['--version']))?.[1];
  return version ? { path: command, version } : undefined;
}

/** Its version without starting a JVM: the server's jar carries it in its name. */
async function inspectElasticsearch(command: string): Promise<Installed | undefined> {
  const home = dirname(dirname(await realpath(command)));
  const jars = await readdir(join(home, 'lib')).catch(() => []);
  const version = jars.map((name) => /^elasticsearch-(\d+\.\d+\.\d+)\.jar$/.exec(name)?.[1]).find(Boolean);
  // A system package keeps its configuration elsewhere, closed to us.
  const hasConfig = await stat(join(home, 'config/jvm.options')).catch(() => undefined);
  return version && hasConfig ? { path: home, version } : undefined;
}

const probes: Partial<Record<EngineName, Probe>> = {
  temporal: {
    command: 'temporal',
    // Standalone activities.
    minimum: '1.32',
    inspect: (command) => inspectByFlag(command, /Server (\d+\.\d+)/),
  },
  mongodb: {
    command: 'mongod',
    minimum: '6.0',
    inspect: (command) => inspectByFlag(command, /db version v(\d+\.\d+)/),
  },
  elasticsearch: { command: 'elasticsearch', minimum: '8.19', inspect: inspectElasticsearch },
};

function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number);
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
}

/** The engine's program on PATH, unless it is absent, too old or cannot say its version. */
export async function findInstalled(
  name: EngineName,
  progress: Progress,
): Promise<{ path: string; origin: string } | undefined> {
  const probe = probes[name];
  const command = probe && (await findOnPath(probe.command));
  if (!command) return undefined;
  const installed = await probe.inspect(command).catch(() => undefined);
  if (installed && isAtLeast(installed.version, probe.minimum)) {
    return { path: installed.path, origin: `PATH, version ${installed.version}` };
  }
  const reason = installed
    ? `its version is ${installed.version}, ${probe.minimum} is needed`
    : 'it cannot be used as it is installed';
  progress.say(`  Not using ${command}: ${reason}`);
  return undefined;
}
