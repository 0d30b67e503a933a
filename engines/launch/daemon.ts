/** A long-running program in a process group of its own, with a log file, known to be ready before anybody uses it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LauncherError } from '../launcher-error.ts';
import { endGroup, identify, type ProcessIdentity } from '../processes.ts';
import type { Session } from './session.ts';

export interface DaemonSpec {
  title: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Another user to run as; only root may choose. */
  uid?: number;
  logFile: string;
  /** Asked again and again until it answers true; a rejection counts as false. */
  isReady(): Promise<boolean>;
  readyTimeoutMs: number;
  /** What to do when it does not start, beyond reading the log. */
  remedy(ending: Ending, log: string): string | undefined;
}

/** How a process ended. */
interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const readyPollMs = 100;
const failedStartGraceMs = 3_000;
const shownLogLines = 200;

async function readLogTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-shownLogLines).join('\n');
}

function describeEnding({ code, signal }: Ending): string {
  return signal ? `was ended by ${signal}` : `exited with ${code}`;
}

function spawnToLog(spec: DaemonSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  // A file, not a pipe: it may outlive us, and a pipe without a reader would end it.
  const log = openSync(spec.logFile, 'w');
  try {
    return spawn(spec.command, spec.args, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(spec.cwd && { cwd: spec.cwd }),
      ...(spec.env && { env: spec.env }),
      ...(spec.uid !== undefined && { uid: spec.uid, gid: spec.uid }),
    });
  } finally {
    closeSync(log);
  }
}

async function failStart(spec: DaemonSpec, what: string, ending: Ending): Promise<never> {
  const tail = await readLogTail(spec.logFile);
  const remedy = /No space left on device/.test(tail)
    ? 'The disk is full: free some space.'
    : spec.remedy(ending, tail);
  throw new LauncherError(
    `${spec.title} did not start: it ${what}. Its last ${shownLogLines} log lines:\n\n${tail}\n`,
    [remedy, `The whole log is in ${spec.logFile}.`].filter(Boolean).join(' '),
  );
}

/** Starts the program and resolves to its identity once it is ready; a failed start shows its last log lines. */
export async function startDaemon(spec: DaemonSpec, session: Session): Promise<ProcessIdentity> {
  const child = spawnToLog(spec);
  let ending: Ending | undefined;
  let spawnError: Error | undefined;
  child.on('exit', (code, signal) => {
    ending = { code, signal };
  });
  child.on('error', (error) => {
    spawnError = error;
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) session.watch(identity);
  const deadline = Date.now() + spec.readyTimeoutMs;
  for (;;) {
    if (spawnError) {
      throw new LauncherError(
        `${spec.title} could not be run: ${spawnError.message}`,
        `The program is ${spec.command}.`,
      );
    }
    if (ending) return failStart(spec, describeEnding(ending), ending);
    if (identity && (await spec.isReady().catch(() => false))) break;
    if (Date.now() >= deadline) {
      if (identity) await endGroup(identity, failedStartGraceMs);
      return failStart(spec, `was not ready within ${spec.readyTimeoutMs / 1_000} s`, { code: null, signal: null });
    }
    await delay(readyPollMs);
  }
  child.unref();
  return identity;
}
