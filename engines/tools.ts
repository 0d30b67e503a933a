/** What an acquisition may use of the machine: Python, Maven and Java, found and judged. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findOnPath, isExecutableFile, run } from './commands.ts';
import type { Environment } from './settings.ts';

export interface Python {
  command: string;
  /** `3.11`. */
  version: string;
}

export interface Java {
  /** The JDK's or JRE's folder, as in JAVA_HOME. */
  home: string;
  major: number;
}

/** Elasticsearch 8 needs it. */
export const minimumJavaMajor = 17;
const minimumPythonMinor = 8;

/** Releases Elasticsearch 8.19 was tried with come first; others follow, newest first. */
const preferredJavaMajors = [21, 17];

export async function findPython(environment: Environment = process.env): Promise<Python | undefined> {
  for (const command of [environment['PYTHON'], 'python3', 'python']) {
    if (!command) continue;
    try {
      const output = await run(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
      const version = output.trim();
      const [major, minor] = version.split('.').map(Number);
      if (major === 3 && (minor ?? 0) >= minimumPythonMinor) return { command, version };
    } catch {}
  }
  return undefined;
}

export async function findMaven(environment: Environment = process.env): Promise<string | undefined> {
  const home = environment['MAVEN_HOME'];
  const inHome = home && join(home, 'bin/mvn');
  return inHome && (await isExecutableFile(inHome)) ? inHome : findOnPath('mvn');
}

async function javaHomeCandidates(environment: Environment): Promise<string[]> {
  const candidates: string[] = [];
  if (environment['JAVA_HOME']) candidates.push(environment['JAVA_HOME']);
  const roots = [
    { folder: '/usr/lib/jvm', inside: '' },
    { folder: '/Library/Java/JavaVirtualMachines', inside: 'Contents/Home' },
  ];
  for (const { folder, inside } of roots) {
    const names = await readdir(folder).catch(() => []);
    candidates.push(...names.map((name) => join(folder, name, inside)));
  }
  const onPath = await findOnPath('java');
  if (onPath) candidates.push(dirname(dirname(await realpath(onPath))));
  return candidates;
}

function parseJavaMajor(text: string): number | undefined {
  const version = /version[^"]*"(\d+)(?:\.(\d+))?/i.exec(text);
  if (!version) return undefined;
  // Before 9 the first number was always 1: `1.8.0`.
  return Number(version[1] === '1' ? version[2] : version[1]);
}

async function inspectJava(home: string): Promise<Java | undefined> {
  const java = join(home, 'bin/java');
  if (!(await isExecutableFile(java))) return undefined;
  const release = await readFile(join(home, 'release'), 'utf8').catch(() => '');
  const version = /JAVA_VERSION="[^"]+"/.exec(release)?.[0] ?? (await run(java, ['-version']).catch(() => ''));
  const major = parseJavaMajor(version.replace('JAVA_VERSION=', 'version '));
  return major === undefined ? undefined : { home: await realpath(home), major };
}

function rank(java: Java): number {
  const preferred = preferredJavaMajors.indexOf(java.major);
  return preferred === -1 ? preferredJavaMajors.length + 1_000 - java.major : preferred;
}

/** Every Java on the machine, once; JAVA_HOME first when it is recent enough, then the best for Elasticsearch. */
export async function findJavas(environment: Environment = process.env): Promise<Java[]> {
  const found = new Map<string, Java>();
  for (const home of await javaHomeCandidates(environment)) {
    const java = await inspectJava(home);
    if (java && !found.has(java.home)) found.set(java.home, java);
  }
  const javas = [...found.values()].sort((left, right) => rank(left) - rank(right));
  const named = environment['JAVA_HOME'] && (await realpath(environment['JAVA_HOME']).catch(() => undefined));
  return javas.sort((left, right) => Number(right.home === named) - Number(left.home === named));
}

export function isRecentEnough(java: Java): boolean {
  return java.major >= minimumJavaMajor;
}
