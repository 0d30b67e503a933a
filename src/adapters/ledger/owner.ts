import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A process, as file names tell it: host, process id and start, which are not given twice. A container is a host of its
 * own.
 */
export interface Owner {
  host: string;
  pid: number;
  /** In ticks since the boot; empty where the system does not tell. */
  startedAt: string;
}

export function thisProcess(): Owner {
  return { host: encodeURIComponent(hostname()), pid: process.pid, startedAt: startOf(process.pid) ?? '' };
}

/** Whether an owner has ended; null when it ran on another host, where nobody here can look. */
export function hasEnded(owner: Owner, self: Owner): boolean | null {
  if (owner.host !== self.host) return null;
  return !isAlive(owner.pid) || (startOf(owner.pid) ?? '') !== owner.startedAt;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process id is given again, together with the time of its start it is not. Null for one that runs no more. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name comes before and may hold anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}
