import { SlidingCount } from './sliding-count.ts';
import { Turnstile } from './turnstile.ts';

const windowSeconds = 10;
const minCalls = 20;
const maxFailureShare = 0.5;
/** What opens it while there are too few calls for a share to mean anything. */
const maxFailuresInARow = 5;
const firstPauseMs = 5_000;
const maxPauseMs = 60_000;

/**
 * Stands before an upstream that fails: open, it lets nobody through, so that calls go elsewhere at once and the
 * upstream can recover. After 5 s one call may try; each that fails doubles the pause, up to a minute.
 */
export class Breaker {
  readonly #calls = new SlidingCount(windowSeconds);
  readonly #failures = new SlidingCount(windowSeconds);
  readonly #turnstile = new Turnstile();
  #failuresInARow = 0;
  #pauseMs = firstPauseMs;

  get isClosed(): boolean {
    return this.#turnstile.isOpen;
  }

  admits(now: number): boolean {
    return this.#turnstile.admits(now);
  }

  opensAt(now: number): number | null {
    return this.#turnstile.opensAt(now);
  }

  /** Answers whether this call is the one that tries for all. Pass that on to what it ends with. */
  enter(): boolean {
    return this.#turnstile.enter();
  }

  /** The call that tries for all is being answered: everybody may come. What it ends with is told as of any other. */
  probed(): void {
    this.#turnstile.leave();
    this.#turnstile.open();
    this.#pauseMs = firstPauseMs;
    this.#failuresInARow = 0;
    this.#calls.clear();
    this.#failures.clear();
  }

  /** The upstream did its part, if only to find fault with the request. */
  succeeded(now: number, isProbe: boolean): void {
    if (isProbe) this.probed();
    this.#failuresInARow = 0;
    this.#calls.add(now);
  }

  failed(now: number, isProbe: boolean): void {
    this.#failuresInARow += 1;
    this.#calls.add(now);
    this.#failures.add(now);
    if (isProbe) {
      this.#turnstile.leave();
      this.#pauseMs = Math.min(this.#pauseMs * 2, maxPauseMs);
      this.#turnstile.shut(now + this.#pauseMs);
    } else if (this.#turnstile.isOpen && this.#isTooMuch(now)) {
      this.#turnstile.shut(now + this.#pauseMs);
    }
  }

  /** The call ended without telling anything of the upstream. */
  abandoned(isProbe: boolean): void {
    if (isProbe) this.#turnstile.leave();
  }

  #isTooMuch(now: number): boolean {
    const calls = this.#calls.total(now);
    if (calls < minCalls) return this.#failuresInARow >= maxFailuresInARow;
    return this.#failures.total(now) >= calls * maxFailureShare;
  }
}
