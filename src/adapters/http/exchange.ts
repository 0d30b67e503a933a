import { type Dispatcher, errors } from 'undici';
import type { HttpAnswer, HttpHeaders, HttpSettings } from './client.ts';
import { networkFailure } from './network-failure.ts';

/** What may wait for a reader before the sender is stopped. */
const maxWaitingBytes = 64 * 1024;
/** How long an answer of which nothing more is expected has for its end. */
const releaseMs = 1_000;

type Reading = IteratorResult<Uint8Array, undefined>;
type Timeouts = Pick<HttpSettings, 'firstByteTimeoutMs' | 'idleTimeoutMs'>;
const done: Reading = { done: true, value: undefined };

/** One request and its answer: what the connection says, as a promise of the head and a body that is pulled. */
export class Exchange implements Dispatcher.DispatchHandler, AsyncIterator<Uint8Array, undefined> {
  readonly head: Promise<HttpAnswer>;
  readonly #head = Promise.withResolvers<HttpAnswer>();
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#abort(new Error('the caller gave the request up', { cause: this.#signal.reason }));
  #controller: Dispatcher.DispatchController | null = null;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #reader: PromiseWithResolvers<Reading> | null = null;
  #wakes = false;
  #phase: 'head' | 'body' | 'ended' = 'head';
  #failure: Error | null = null;
  readonly #timeouts: Timeouts;
  #hasBegun = false;
  #silenceTimer: NodeJS.Timeout | undefined;
  #releaseTimer: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal, timeouts: Timeouts) {
    this.head = this.#head.promise;
    this.#timeouts = timeouts;
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    if (status < 200) return;
    this.#controller = controller;
    this.#phase = 'body';
    this.#boundSilence(this.#timeouts.firstByteTimeoutMs);
    this.#head.resolve({
      status,
      headers,
      body: { [Symbol.asyncIterator]: () => this },
      release: () => this.#release(),
      discard: () => this.#abort(new Error('the body is not wanted')),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#phase === 'ended') return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > maxWaitingBytes) {
      // Who is stopped is not silent.
      clearTimeout(this.#silenceTimer);
      controller.pause();
    } else if (this.#hasBegun) this.#silenceTimer?.refresh();
    else this.#boundSilence(this.#timeouts.idleTimeoutMs);
    this.#hasBegun = true;
    this.#wakeReader();
  }

  onResponseEnd(): void {
    clearTimeout(this.#releaseTimer);
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#releaseTimer);
    this.#end(error);
  }

  next(): Promise<Reading> {
    const reader = Promise.withResolvers<Reading>();
    if (this.#waiting.length > 0 || this.#phase === 'ended') this.#serve(reader);
    else this.#reader = reader;
    return reader.promise;
  }

  async return(): Promise<Reading> {
    this.#abort(new Error('the reader left'));
    return done;
  }

  #boundSilence(maxMs: number): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#onSilence(), maxMs);
  }

  /** What has come is still given. */
  #onSilence(): void {
    const silence = this.#hasBegun ? new errors.BodyTimeoutError() : new errors.HeadersTimeoutError();
    this.#end(silence);
    this.#controller?.abort(silence);
  }

  #release(): void {
    if (this.#phase === 'ended') return;
    this.#waiting = [];
    this.#end(null);
    const controller = this.#controller;
    if (controller?.paused) controller.resume();
    const overdue = new Error('the answer did not end');
    this.#releaseTimer = setTimeout(() => controller?.abort(overdue), releaseMs).unref();
  }

  #abort(reason: Error): void {
    if (this.#phase === 'ended') return;
    this.#waiting = [];
    this.#end(reason);
    this.#controller?.abort(reason);
  }

  #end(failure: Error | null): void {
    if (this.#phase === 'ended') return;
    clearTimeout(this.#silenceTimer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#failure = failure && networkFailure(failure, this.#phase, this.#signal);
    if (this.#phase === 'head') this.#head.reject(this.#failure);
    this.#phase = 'ended';
    this.#wakeReader();
  }

  /** Later in this turn, so that pieces that arrived together are read as one. */
  #wakeReader(): void {
    if (!this.#reader || this.#wakes) return;
    this.#wakes = true;
    queueMicrotask(() => {
      this.#wakes = false;
      const reader = this.#reader;
      this.#reader = null;
      if (reader) this.#serve(reader);
    });
  }

  #serve(reader: PromiseWithResolvers<Reading>): void {
    const [first, ...more] = this.#waiting;
    if (first) {
      this.#waiting = [];
      this.#waitingBytes = 0;
      if (this.#controller?.paused) {
        if (this.#phase !== 'ended') this.#boundSilence(this.#timeouts.idleTimeoutMs);
        this.#controller.resume();
      }
      reader.resolve({ done: false, value: more.length === 0 ? first : Buffer.concat([first, ...more]) });
    } else if (this.#failure) reader.reject(this.#failure);
    else reader.resolve(done);
  }
}
