import { Worker } from 'node:worker_threads';
import { GatewayError, reviveError } from '../../../core/errors.ts';
import type { SplitterSettings } from '../../../core/splitter/settings.ts';
import type { Span } from '../../../core/splitter/split.ts';
import { type Reply, type Request, unpackSpans } from './messages.ts';

export interface SplitThreadLimits {
  /** Wall clock of everything that is asked of the thread: this much at first, and more for every MiB of text. */
  baseTimeoutMs: number;
  timeoutPerMebibyteMs: number;
  /** Spans of one text. */
  maxSpans: number;
  maxMemoryBytes: number;
}

const mebibyte = 1024 * 1024;

/** A thread that splits the texts of one document. Is dead for good after a limit, an abort or a crash. */
export class SplitThread {
  /** Resolves when the thread is gone, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #limits: SplitThreadLimits;
  /** The field that a caller who asks for too much must change. */
  readonly #param: string;
  #failure: Error | null = null;
  #allowedMs: number;

  /** Resolves when the thread has understood the settings. Rejects as `splitterOptions` throws. */
  static async start(settings: SplitterSettings, limits: SplitThreadLimits, signal: AbortSignal): Promise<SplitThread> {
    const thread = new SplitThread(settings, limits);
    try {
      // Loading is no fault of the caller's, so that it has no time limit.
      await thread.#receive(null, signal);
      await thread.#ask({ kind: 'open', settings, maxSpans: limits.maxSpans }, signal);
      return thread;
    } catch (error) {
      await thread.end();
      throw error;
    }
  }

  private constructor(settings: SplitterSettings, limits: SplitThreadLimits) {
    this.#limits = limits;
    this.#param = settings.separators.length > 0 ? 'separators' : 'preset_separators';
    this.#allowedMs = limits.baseTimeoutMs;
    this.#worker = new Worker(new URL('thread.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryBytes / mebibyte },
    });
    this.#worker.once('error', (error) => {
      this.#failure = error as Error;
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#worker.once('exit', () => resolve());
  }

  async split(text: string, signal: AbortSignal): Promise<Iterable<Span>> {
    this.#allowedMs += (text.length / mebibyte) * this.#limits.timeoutPerMebibyteMs;
    const reply = await this.#ask({ kind: 'split', text }, signal);
    if (reply.kind !== 'spans') throw new Error(`the split thread answered a text with "${reply.kind}"`);
    return unpackSpans(reply.spans);
  }

  /** Ends the thread, whatever it does; a search for one literal, which is a single step of V8's, it finishes first. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(request: Request, signal: AbortSignal): Promise<Reply> {
    const startedAt = performance.now();
    this.#worker.postMessage(request);
    const reply = await this.#receive(this.#allowedMs, signal);
    this.#allowedMs -= performance.now() - startedAt;
    if (reply.kind === 'failed') throw reviveError(reply.error);
    return reply;
  }

  async #receive(timeoutMs: number | null, signal: AbortSignal): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const onAbort = () => reject(signal.reason);
    const clock = timeoutMs === null ? undefined : setTimeout(() => reject(this.#overTime()), timeoutMs);
    this.#worker.once('message', resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    void this.ended.then(() => reject(this.#describeEnd()));
    try {
      return await promise;
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      clearTimeout(clock);
      this.#worker.off('message', resolve);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #overTime(): GatewayError {
    return new GatewayError(
      'invalid_request',
      'Splitting the document takes too long and was stopped; make the separators simpler or fewer.',
      { param: this.#param },
    );
  }

  #describeEnd(): Error {
    if (this.#failure === null) return new Error('the split thread was ended');
    if (!('code' in this.#failure) || this.#failure.code !== 'ERR_WORKER_OUT_OF_MEMORY') return this.#failure;
    return new GatewayError('document_too_large', 'Splitting the document needs more memory than it may have.', {
      cause: this.#failure,
    });
  }
}
