/** The product's own processes, as `npm start`, the demo, the fault tests and the benchmarks run them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { compileCache } from './compile-cache.ts';
import type { Session } from './launch/session.ts';
import { identify } from './processes.ts';

export type ProductRole = 'api' | 'worker';

export interface ProductProcess {
  role: ProductRole;
  child: ChildProcess & { pid: number };
  /** Resolves with how it ended; never rejects. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isRunning(): boolean;
  /** SIGTERM, and after `graceMs` SIGKILL. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
}

const entries: Record<ProductRole, string> = { api: 'src/api/main.ts', worker: 'src/workers/main.ts' };
/** As in the Dockerfile and in Compose: of V8's four helpers, three take more of the API's one core than they give. */
export const nodeFlags: Record<ProductRole, readonly string[]> = { api: ['--v8-pool-size=1'], worker: [] };
/** For one machine: no load balancer has to notice anything, and steps that are cut off are done again. */
export const quickToStop = { DRAIN_DELAY_MS: '0', WORKER_SHUTDOWN_GRACE_MS: '6000' };

const workerNiceness = 5;
const projectDir = join(import.meta.dirname, '..');

export interface ProductOptions {
  /** All it gets beside PATH and HOME. */
  environment: Record<string, string>;
  /** Gets what it prints, line by line. */
  onLine(line: string, role: ProductRole): void;
  /** Ends it should the launcher die. */
  session: Session;
}

export function startProduct(role: ProductRole, { environment, onLine, session }: ProductOptions): ProductProcess {
  const child = spawn(process.execPath, [...nodeFlags[role], join(projectDir, entries[role])], {
    cwd: projectDir,
    env: { ...inherited(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C at the terminal is for the launcher, which stops its processes in order.
    detached: true,
  });
  if (child.pid === undefined) throw new Error(`the ${role} process could not be started`);
  // On one machine the workers take all the cores there are; the API must answer all the same.
  if (role === 'worker') setPriority(child.pid, workerNiceness);
  const identity = identify(child.pid);
  if (identity) session.watch(identity);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => onLine(line, role));
  }
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    role,
    child: child as ChildProcess & { pid: number },
    ended,
    isRunning,
    async stop(graceMs) {
      if (!isRunning()) return;
      child.kill('SIGTERM');
      const forced = new AbortController();
      await Promise.race([ended, delay(graceMs, undefined, { signal: forced.signal }).catch(() => undefined)]);
      forced.abort();
      if (isRunning()) child.kill('SIGKILL');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...compileCache };
}

/** Resolves when `url` answers 200; rejects when `process` ends first or the time is up. */
export async function waitUntilReady(url: string, product: ProductProcess, timeoutMs: number): Promise<void> {
  const givesUpAt = Date.now() + timeoutMs;
  while (Date.now() < givesUpAt) {
    if (!product.isRunning()) throw new Error(`the ${product.role} process ended before it was ready`);
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(100);
  }
  throw new Error(`${url} did not answer 200 within ${timeoutMs / 1000} s`);
}
