/** What Linux knows about processes. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The fields of `/proc/<pid>/stat` after the command; undefined for a process that is gone. */
function statOf(pid: number): string[] | undefined {
  return read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Ids of the running children of this process whose command line has `text` in it. */
export function childrenRunning(text: string): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter(
    (pid) => Number(statOf(pid)?.[1]) === process.pid && (read(`/proc/${pid}/cmdline`) ?? '').includes(text),
  );
}

/** False for a process that has ended, also where nobody has collected it yet. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Processor time used so far, in clock ticks. */
export function cpuTicks(pid: number): number {
  const stat = statOf(pid);
  return Number(stat?.[11]) + Number(stat?.[12]);
}

/** Which of these processes has a connection whose own end is `port`. */
export function holderOfConnection(port: number, pids: readonly number[]): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = (read('/proc/net/tcp') ?? '').split('\n').map((row) => row.trim().split(/\s+/));
  const sockets = new Set(rows.filter((row) => row[1]?.endsWith(`:${hexPort}`)).map((row) => `socket:[${row[9]}]`));
  return pids.find((pid) => descriptorsOf(pid).some((descriptor) => sockets.has(descriptor)));
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    // It has ended meanwhile, or closed one.
    return [];
  }
}
