/** A process of the product that is started again whenever it ends, as an orchestrator would. */
import { createWriteStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../../../engines/launch/session.ts';
import { identify, killGroup, type ProcessIdentity } from '../../../engines/processes.ts';
import { type ProductProcess, type ProductRole, startProduct } from '../../../engines/product.ts';

export interface Supervised {
  /** E.g. `api-1`. */
  name: string;
  role: ProductRole;
  isRunning(): boolean;
  /** It has said that it is ready, and does not hang. */
  isServing(): boolean;
  isStopped(): boolean;
  /** The running process; null between two. */
  pid(): number | null;
  /** SIGKILL, to the process alone or to its children too. False when there was none to kill. */
  kill(whole?: boolean): Promise<boolean>;
  /** SIGSTOP for all of it: to everybody else it looks dead, until `wake`. */
  freeze(): boolean;
  wake(): void;
  /** SIGTERM; resolves to how long it took to end, or null when it had to be killed after `graceMs`. */
  restart(graceMs: number): Promise<number | null>;
  /** As `restart`, for good. */
  end(graceMs: number): Promise<number | null>;
  /** How often it ended without being asked to. */
  crashes(): number;
  /** Every process there was. */
  past(): readonly ProcessIdentity[];
}

export interface SupervisedOptions {
  name: string;
  role: ProductRole;
  environment: Record<string, string>;
  session: Session;
  logFile: string;
  /** Gets what it prints, line by line. */
  onLine?(line: string): void;
}

/** What a process prints once it does its work. */
const readyLine: Record<ProductRole, RegExp> = { api: /^listening on /, worker: /"msg":"worker is ready"/ };
const restartAfterMs = 200;
const killTimeoutMs = 10_000;

export function supervise({ name, role, environment, session, logFile, onLine }: SupervisedOptions): Supervised {
  const log = createWriteStream(logFile, { flags: 'a' });
  const identities: ProcessIdentity[] = [];
  let isEnding = false;
  let isExpected = false;
  let isFrozen = false;
  let isReady = false;
  let crashes = 0;
  let current = start();

  function start(): ProductProcess {
    isFrozen = false;
    isExpected = false;
    isReady = false;
    const started = startProduct(role, {
      environment,
      session,
      onLine: (line) => {
        log.write(`${line}\n`);
        if (readyLine[role].test(line)) isReady = true;
        onLine?.(line);
      },
    });
    const identity = identify(started.child.pid);
    if (identity) identities.push(identity);
    log.write(`--- ${name} is process ${started.child.pid} from ${new Date().toISOString()}\n`);
    void keepRunning(started);
    return started;
  }

  async function keepRunning(process: ProductProcess): Promise<void> {
    const { code, signal } = await process.ended;
    log.write(`--- process ${process.child.pid} ended: ${signal ?? code}\n`);
    if (!isExpected) crashes += 1;
    if (isEnding) return;
    await delay(restartAfterMs);
    if (!isEnding) current = start();
  }

  async function terminate(graceMs: number): Promise<number | null> {
    const startedAt = performance.now();
    isExpected = true;
    const victim = current;
    await victim.stop(graceMs);
    const tookMs = performance.now() - startedAt;
    // Somebody else may have killed it meanwhile, which is no fault of its own.
    return tookMs < graceMs ? tookMs : null;
  }

  function signalGroup(signal: NodeJS.Signals): boolean {
    if (!current.isRunning()) return false;
    process.kill(-current.child.pid, signal);
    return true;
  }

  function wakeGroup(leader: number): void {
    try {
      process.kill(-leader, 'SIGCONT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  return {
    name,
    role,
    isRunning: () => current.isRunning(),
    isServing: () => isReady && !isFrozen && current.isRunning(),
    isStopped: () => isFrozen,
    pid: () => (current.isRunning() ? current.child.pid : null),
    async kill(whole = false) {
      if (!current.isRunning()) return false;
      isExpected = true;
      const identity = identities.at(-1);
      const victim = current;
      const wasFrozen = isFrozen;
      if (whole && identity) await killGroup(identity, killTimeoutMs);
      else await victim.kill();
      // Its children were frozen with it, and would stand still for ever, unable to notice that it is gone.
      if (wasFrozen) wakeGroup(victim.child.pid);
      return true;
    },
    freeze() {
      isFrozen = signalGroup('SIGSTOP');
      return isFrozen;
    },
    wake() {
      if (isFrozen) signalGroup('SIGCONT');
      isFrozen = false;
    },
    restart: terminate,
    end(graceMs) {
      isEnding = true;
      return terminate(graceMs);
    },
    crashes: () => crashes,
    past: () => identities,
  };
}
