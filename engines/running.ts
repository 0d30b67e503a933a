/**
 * What runs for this project: one launcher at a time holds the lock while it starts or ends engines, and a record says
 * which processes were started and where they answer.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EngineProcess, StartedEngines } from './launch/start-engines.ts';
import { exitCodeBusy, LauncherError } from './launcher-error.ts';
import { describeHolder, type LockHolder, tryLock } from './process-lock.ts';
import { endGroup, isAlive } from './processes.ts';

const graceMs = 10_000;

const lockPath = (dataDir: string) => join(dataDir, 'run/launcher.lock');
const recordPath = (dataDir: string) => join(dataDir, 'run/engines.json');

export async function readRecord(dataDir: string): Promise<StartedEngines | undefined> {
  try {
    return JSON.parse(await readFile(recordPath(dataDir), 'utf8')) as StartedEngines;
  } catch {
    return undefined;
  }
}

export async function writeRecord(dataDir: string, engines: StartedEngines): Promise<void> {
  const path = recordPath(dataDir);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(engines, null, 2));
  await rename(`${path}.new`, path);
}

export async function deleteRecord(dataDir: string): Promise<void> {
  await rm(recordPath(dataDir), { force: true });
}

/** The recorded engines, when every one of them still runs. */
export async function findRunning(dataDir: string): Promise<StartedEngines | undefined> {
  const record = await readRecord(dataDir);
  return record && record.processes.length > 0 && record.processes.every(isAlive) ? record : undefined;
}

/** Ends every recorded engine that still runs, and forgets them. Returns those it ended. */
export async function endRecorded(dataDir: string): Promise<EngineProcess[]> {
  const running = ((await readRecord(dataDir))?.processes ?? []).filter(isAlive);
  await Promise.all(running.map((engine) => endGroup(engine, graceMs)));
  await deleteRecord(dataDir);
  return running;
}

export function busy(holder: LockHolder): LauncherError {
  return new LauncherError(
    `The engines of this project are held by ${describeHolder(holder)}.`,
    'End that process first (Ctrl-C in its terminal), or use another data folder: DATA_DIR=<folder>.',
    { exitCode: exitCodeBusy },
  );
}

/** Takes the launcher's lock for `purpose` or says who has it. */
export function tryLauncherLock(dataDir: string, purpose: string) {
  return tryLock(lockPath(dataDir), purpose);
}

/** Takes the launcher's lock or throws with exit code 3. */
export function takeLauncherLock(dataDir: string, purpose: string): { release(): void } {
  const attempt = tryLauncherLock(dataDir, purpose);
  if (attempt.kind === 'refused') throw busy(attempt.holder);
  return attempt;
}
