/**
 * Who a process is. A pid alone is not an identity, because pids are reused: a process is its pid together with the
 * moment it started. Nothing in this room signals a process without checking both, and nothing signals by name.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;

export interface ProcessIdentity {
  pid: number;
  /** Opaque; equal for as long as the same process holds the pid. */
  startTime: string;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  } catch {
    return '';
  }
}

function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets: fields are counted from behind its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTicks] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? undefined : `${readBootId()}:${startTicks}`;
  } catch {
    return undefined;
  }
}

function portableStartTime(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const text = status === 0 ? stdout.trim() : '';
  return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
}

function startTimeOf(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxStartTime(pid) : portableStartTime(pid);
}

/** Undefined when no such process runs; a zombie counts as gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(-identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves to whether the process was gone within the time. */
async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** Ends the process group that `identity` leads: SIGTERM, and SIGKILL once `graceMs` have passed. */
export async function endGroup(identity: ProcessIdentity, graceMs: number): Promise<void> {
  signalGroup(identity, 'SIGTERM');
  if (await waitUntilGone(identity, graceMs)) return;
  signalGroup(identity, 'SIGKILL');
  await waitUntilGone(identity, graceMs);
}

/** SIGKILL to the process group that `identity` leads: no goodbye, for whoever tests that none is needed. */
export async function killGroup(identity: ProcessIdentity, timeoutMs: number): Promise<void> {
  signalGroup(identity, 'SIGKILL');
  if (!(await waitUntilGone(identity, timeoutMs))) throw new Error(`process ${identity.pid} survived SIGKILL`);
}
