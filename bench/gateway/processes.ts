import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LoadOptions, LoadResult } from './load.ts';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** Runs `file` of this folder with Node on one core; resolves with the port it prints. */
export async function startServer(file: string, args: readonly string[], core: number) {
  const child = onCore(core, process.execPath, [join(import.meta.dirname, file), ...args]);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url: `http://127.0.0.1:${line}`, child };
}

function onCore(core: number, command: string, args: readonly string[], env = process.env) {
  return spawn('taskset', ['-c', String(core), command, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env });
}

/** Puts a process that runs, with all its threads, on one core. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

export async function load(options: LoadOptions & { mode: 'calls' | 'streams' }, core: number): Promise<LoadResult> {
  const child = onCore(core, process.execPath, [join(import.meta.dirname, 'load.ts'), JSON.stringify(options)]);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return JSON.parse(line) as LoadResult;
}

/** Holds `connections` streams open that say nothing more; the returned function lets them go. */
export async function hold(options: Omit<LoadOptions, 'mode'>, core: number): Promise<() => Promise<void>> {
  const args = [join(import.meta.dirname, 'load.ts'), JSON.stringify({ ...options, mode: 'idle' })];
  const child: ChildProcess = onCore(core, process.execPath, args);
  if (child.stdout) await once(createInterface({ input: child.stdout }), 'line');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
}

/** Seconds of processor time that a process and its descendants have used. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user = '0', system = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (
    (Number(user) + Number(system)) / ticksPerSecond +
    childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), 0)
  );
}

/** KiB that a process and its descendants hold. */
export function residentKiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return own + childrenOf(pid).reduce((sum, child) => sum + residentKiB(child), 0);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
