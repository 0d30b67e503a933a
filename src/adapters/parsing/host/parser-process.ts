import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { GatewayError, reviveError } from '../../../core/errors.ts';
import type { ParsingLimits } from '../limits.ts';
import type { LastReply, RecognitionNotice, Reply, Request, Task } from './messages.ts';
import { cpuMsOf, residentBytesOf } from './process-usage.ts';
import type { SandboxCommand } from './sandbox.ts';

const startTimeoutMs = 30_000;
const usageCheckMs = 100;
const keptStderrCharacters = 4_096;

/** The child ended by itself in the middle of a task, for no reason that we know. Never leaves the host. */
export class ProcessCrash extends Error {}

/** What a task yields: parts, then what it came to. A failure is thrown. */
export type TaskReply = Extract<Reply, { kind: 'part' }> | Exclude<LastReply, { kind: 'failed' }>;

/** One sandboxed child. Runs one task at a time; is dead for good after a limit, an abort or a crash. */
export class ParserProcess {
  readonly #child: ChildProcess;
  /** Settles when the child is gone, or never came to be. */
  readonly ended: Promise<void>;
  #alive = true;
  #ready = false;
  #ended = false;
  #onEnd: () => void = () => {};
  #stderr = '';
  /** Tasks begun so far. */
  tasks = 0;

  constructor(command: SandboxCommand) {
    this.#child = spawn(command.program, command.arguments, { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptStderrCharacters);
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise.then(() => {
      this.#ended = true;
      this.kill();
      this.#onEnd();
    });
    // `close` rather than `exit`: by then its last words are read.
    this.#child.once('close', resolve).once('error', () => resolve());
  }

  get alive(): boolean {
    return this.#alive && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The operating system's number for it, or `undefined` where it never started. */
  get id(): number | undefined {
    return this.#child.pid;
  }

  /** There is nothing to save in a parser, so that it is always ended the sure way. */
  kill(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  /** Whether this child keeps our own process from ending; an idle one must not. */
  hold(held: boolean): void {
    const verb = held ? 'ref' : 'unref';
    this.#child[verb]();
    this.#child.channel?.[verb]();
    if (this.#child.stderr instanceof Socket) this.#child.stderr[verb]();
  }

  /** Asking for the next part lets the child go on. Whoever leaves before the last reply ends the child. */
  async *run(task: Task, signal: AbortSignal): AsyncGenerator<TaskReply> {
    let finished = false;
    this.tasks += 1;
    try {
      if (!this.#ready) await this.#start(task.limits, signal);
      this.#send({ kind: 'task', task });
      while (!finished) {
        const reply = await this.#receive(task.limits, signal);
        finished = reply.kind !== 'part';
        if (reply.kind === 'failed') throw reviveFailure(reply);
        if (reply.kind !== 'ready') yield reply;
        if (!finished) this.#send({ kind: 'next' });
      }
    } finally {
      if (!finished) this.kill();
    }
  }

  /** Bytes in memory now, or 0 where the platform does not say. */
  residentBytes(): Promise<number> {
    return residentBytesOf(this.id);
  }

  /** Its own start is nothing that a file could be blamed for. */
  async #start(limits: ParsingLimits, signal: AbortSignal): Promise<void> {
    try {
      await this.#receive({ ...limits, timeoutMs: startTimeoutMs, maxCpuMs: startTimeoutMs }, signal);
      this.#ready = true;
    } catch (cause) {
      signal.throwIfAborted();
      throw new GatewayError('unavailable', 'The document parser could not be started.', { cause });
    }
  }

  #send(request: Request): void {
    // A channel that is closed shows as the child's end, which `#receive` reports.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  async #receive(limits: ParsingLimits, signal: AbortSignal): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    let budget = this.#spend(limits, reject);
    const onMessage = (message: unknown) => {
      const reply = message as Reply | RecognitionNotice;
      if (reply.kind !== 'recognising') return resolve(reply);
      budget.end();
      const { recognitionTimeoutMs: timeoutMs, maxRecognitionCpuMs: maxCpuMs } = limits;
      budget = this.#spend({ ...limits, timeoutMs, maxCpuMs }, reject);
    };
    const onAbort = () => reject(signal.reason);
    this.#child.on('message', onMessage);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    this.#onEnd = () => reject(this.#describeEnd(limits.maxMemoryBytes));
    if (this.#ended) this.#onEnd();
    try {
      return await promise;
    } finally {
      // Whatever still held the promise would hold the part that it came to.
      this.#onEnd = () => {};
      budget.end();
      this.#child.off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Watches what the child uses from now on. */
  #spend(limits: ParsingLimits, reject: (refusal: GatewayError) => void): { end(): void } {
    const clock = setTimeout(() => reject(overTime(limits.timeoutMs)), limits.timeoutMs);
    const cpuMsBefore = cpuMsOf(this.id);
    const usageCheck = setInterval(async () => {
      if ((await this.residentBytes()) > limits.maxMemoryBytes) reject(overMemory(limits.maxMemoryBytes));
      const cpuMs = (await cpuMsOf(this.id)) - (await cpuMsBefore);
      if (cpuMs > limits.maxCpuMs) reject(overCpu(limits.maxCpuMs));
    }, usageCheckMs);
    return {
      end() {
        clearTimeout(clock);
        clearInterval(usageCheck);
      },
    };
  }

  #describeEnd(maxMemoryBytes: number): Error {
    const { exitCode, signalCode } = this.#child;
    // V8 says so and aborts when its heap is full, before the resident size reaches its limit.
    if (this.#stderr.includes('heap out of memory')) return overMemory(maxMemoryBytes);
    return new ProcessCrash(`parser ended with code ${exitCode}, signal ${signalCode}: ${this.#stderr}`);
  }
}

function overTime(timeoutMs: number): GatewayError {
  return new GatewayError(
    'unprocessable_document',
    `Reading the file took longer than ${timeoutMs / 1_000} seconds and was stopped.`,
  );
}

function overCpu(maxMs: number): GatewayError {
  return new GatewayError(
    'unprocessable_document',
    `Reading the file needs more than ${maxMs / 1_000} seconds of processor time and was stopped.`,
  );
}

function overMemory(maxBytes: number): GatewayError {
  const mebibytes = Math.floor(maxBytes / (1024 * 1024));
  return new GatewayError(
    'unprocessable_document',
    `Reading the file needs more than ${mebibytes} MiB of memory and was stopped.`,
  );
}

function reviveFailure({ error, detail }: Extract<Reply, { kind: 'failed' }>): GatewayError {
  const { code, publicMessage } = reviveError(error);
  return new GatewayError(code, publicMessage, { cause: detail });
}
