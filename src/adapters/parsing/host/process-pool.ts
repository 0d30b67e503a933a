import { GatewayError } from '../../../core/errors.ts';
import { ParserProcess } from './parser-process.ts';
import type { SandboxCommand } from './sandbox.ts';

export interface ProcessPoolSettings {
  /** Children alive at once. */
  processes: number;
  /** A child that had nothing to do for this long is ended. */
  idleTimeoutMs: number;
  /** A child is replaced after this many tasks. */
  tasksPerProcess: number;
  /** A child that keeps more than this between tasks is replaced. */
  maxIdleBytes: number;
}

/** Children are started when they are needed, kept while they are, and given to waiters in the order of their asking. */
export class ProcessPool {
  readonly #settings: ProcessPoolSettings;
  readonly #command: () => Promise<SandboxCommand>;
  readonly #idle: { process: ParserProcess; timer: NodeJS.Timeout }[] = [];
  readonly #busy = new Set<ParserProcess>();
  readonly #waiters: (() => void)[] = [];
  #taken = 0;
  #closed = false;

  constructor(settings: ProcessPoolSettings, command: () => Promise<SandboxCommand>) {
    this.#settings = settings;
    this.#command = command;
  }

  /** Ids of the children alive now. */
  get processIds(): readonly number[] {
    return [...this.#busy, ...this.#idle.map(({ process }) => process)].flatMap(({ id }) => id ?? []);
  }

  /** A child for one task. Rejects with the signal's reason when it aborts first. Give it back with `release`. */
  async acquire(signal: AbortSignal): Promise<ParserProcess> {
    signal.throwIfAborted();
    await this.#turn(signal);
    try {
      const process = this.#reuse() ?? (await this.#start());
      this.#busy.add(process);
      process.hold(true);
      return process;
    } catch (error) {
      this.#passTurn();
      throw error;
    }
  }

  /** Gives a child back, dead or alive. */
  async release(process: ParserProcess): Promise<void> {
    const spent = process.tasks >= this.#settings.tasksPerProcess;
    if (spent || (process.alive && (await process.residentBytes()) > this.#settings.maxIdleBytes)) process.kill();
    this.#busy.delete(process);
    if (this.#closed) process.kill();
    if (process.alive) this.#keep(process);
    this.#passTurn();
  }

  /** Ends every child, whatever it does, and waits until all are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const kept = this.#idle.splice(0);
    for (const { timer } of kept) clearTimeout(timer);
    const processes = [...kept.map(({ process }) => process), ...this.#busy];
    for (const process of processes) {
      process.hold(true);
      process.kill();
    }
    await Promise.all(processes.map(({ ended }) => ended));
  }

  async #start(): Promise<ParserProcess> {
    const command = await this.#command();
    this.#refuseWhenClosed();
    return new ParserProcess(command);
  }

  /** Waits until fewer than `processes` are at work; the place then belongs to the caller. */
  async #turn(signal: AbortSignal): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#taken < this.#settings.processes) {
      this.#taken += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      this.#waiters.splice(this.#waiters.indexOf(resolve), 1);
      reject(signal.reason);
    };
    this.#waiters.push(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  #passTurn(): void {
    const next = this.#waiters.shift();
    if (next) next();
    else this.#taken -= 1;
  }

  /** The child that rested least: it is warm, and the others come nearer to their end. */
  #reuse(): ParserProcess | undefined {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.process.alive) return kept.process;
    }
    return undefined;
  }

  #keep(process: ParserProcess): void {
    process.hold(false);
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((kept) => kept.process === process),
        1,
      );
      process.kill();
    }, this.#settings.idleTimeoutMs).unref();
    this.#idle.push({ process, timer });
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new GatewayError('unavailable', 'The document parser is shutting down.');
  }
}
