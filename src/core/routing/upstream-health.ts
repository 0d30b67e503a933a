import { Breaker } from './breaker.ts';
import { Concurrency } from './concurrency.ts';
import type { Verdict } from './failure.ts';
import { Turnstile } from './turnstile.ts';

/** What a call has to tell when it is over; null where its end tells nothing of the upstream. */
export interface Experience {
  verdict: Verdict;
  /** How long the upstream asked to be left alone. */
  retryAfterMs: number | null;
}

/** A call that is under way. */
export interface Visit {
  /**
   * The first of an answer has come, also where its caller hears nothing yet: it takes calls again, and a try for all has
   * come through. What this one counts for is what it ends with.
   */
  begun(): void;
  /** Once, with how many calls were under way until now. */
  end(experience: Experience | null, inFlight: number, now: number): void;
}

/** What one process has learnt of one upstream under one key. */
export class UpstreamHealth {
  readonly #breaker = new Breaker();
  readonly #pause = new Turnstile();
  readonly #concurrency = new Concurrency();
  #failedLast = false;

  get failedLast(): boolean {
    return this.#failedLast;
  }

  /** Calls at once that it takes, as far as is known; null for no bound. */
  get limit(): number | null {
    return this.#concurrency.limit;
  }

  get breakerIsClosed(): boolean {
    return this.#breaker.isClosed;
  }

  breakerAdmits(now: number): boolean {
    return this.#breaker.admits(now);
  }

  pauseAdmits(now: number): boolean {
    return this.#pause.admits(now);
  }

  /** When it is worth coming back; null while somebody is trying for all. */
  readyAt(now: number): number | null {
    const [breaker, pause] = [this.#breaker.opensAt(now), this.#pause.opensAt(now)];
    return breaker === null || pause === null ? null : Math.max(breaker, pause);
  }

  /** A call goes out, with which `inFlight` are under way. */
  enter(inFlight: number, now: number): Visit {
    let triesBreaker = this.#breaker.enter();
    let triesPause = this.#pause.enter();
    let hasBegun = false;
    this.#concurrency.started(inFlight, now);

    const reached = (until: number | null) => {
      if (triesPause) {
        this.#pause.leave();
        this.#pause.open();
      }
      triesPause = false;
      if (until !== null) this.#pause.shut(until);
    };
    const begun = () => {
      hasBegun = true;
      this.#failedLast = false;
      if (triesBreaker) this.#breaker.probed();
      triesBreaker = false;
      reached(null);
    };
    return {
      begun,
      end: (experience, underWay, at) => {
        if (experience === null && !hasBegun) {
          this.#breaker.abandoned(triesBreaker);
          if (triesPause) this.#pause.leave();
          return;
        }
        // Whoever left an answer had nothing to say against it.
        const { verdict, retryAfterMs } = experience ?? { verdict: 'well', retryAfterMs: null };
        if (verdict === 'well') {
          begun();
          return this.#breaker.succeeded(at, false);
        }
        this.#failedLast = true;
        if (verdict !== 'failed') this.#concurrency.throttled(underWay, at);
        if (verdict !== 'throttled') this.#breaker.failed(at, triesBreaker);
        else if (triesBreaker) this.#breaker.succeeded(at, true);
        reached(retryAfterMs === null ? null : at + retryAfterMs);
      },
    };
  }
}
