import { SlidingCount } from './sliding-count.ts';

const windowSeconds = 10;
const share = 0.1;
/** So that a lone request may still be tried again. */
const floor = 5;

/** A retry that was allowed. The first word on how it went counts. */
export interface Retry {
  succeeded(): void;
  failed(now: number): void;
}

/**
 * Bounds what retries add to an outage: those that fail are at most a tenth of the requests of the last 10 s, and 5. A
 * retry that helps costs nothing, or one failing upstream of two would use the budget up though the other is well.
 */
export class RetryBudget {
  readonly #requests = new SlidingCount(windowSeconds);
  readonly #failures = new SlidingCount(windowSeconds);
  #doubtful = 0;

  requested(now: number): void {
    this.#requests.add(now);
  }

  hasLeft(now: number): boolean {
    return this.#failures.total(now) + this.#doubtful < floor + this.#requests.total(now) * share;
  }

  /** `isDoubtful`: the upstream to be asked failed the last time, so the retry counts as failed until it has not. */
  take(isDoubtful: boolean): Retry {
    if (isDoubtful) this.#doubtful += 1;
    let isSettled = false;
    const settle = () => {
      if (isDoubtful && !isSettled) this.#doubtful -= 1;
      isSettled = true;
    };
    return {
      succeeded: settle,
      failed: (at) => {
        if (!isSettled) this.#failures.add(at);
        settle();
      },
    };
  }
}
