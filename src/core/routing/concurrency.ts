const windowMs = 1_000;
const firstLimit = 8;
const minLimit = 1;
const decreaseFactor = 0.7;

/**
 * How many calls an upstream takes at once, learnt from what it says: one more after every second in which the limit
 * was reached and nothing complained of, 0.7 times as many after a complaint. Before the first complaint there is no
 * bound, because nothing is known of one.
 */
export class Concurrency {
  #limit: number | null = null;
  #windowEndsAt = 0;
  #wasReached = false;

  /** Null while there is no bound. */
  get limit(): number | null {
    return this.#limit === null ? null : Math.floor(this.#limit);
  }

  /** A call goes out, with which `inFlight` are out. */
  started(inFlight: number, now: number): void {
    if (this.#limit === null) return;
    if (now >= this.#windowEndsAt) {
      if (this.#wasReached) this.#limit += 1;
      this.#wasReached = false;
      this.#windowEndsAt = now + windowMs;
    }
    if (inFlight >= Math.floor(this.#limit)) this.#wasReached = true;
  }

  /** The upstream said that it is too much, or was too slow to answer, while `inFlight` calls were out. */
  throttled(inFlight: number, now: number): void {
    // Calls that went out together are refused together: that is one complaint.
    if (this.#limit !== null && now < this.#windowEndsAt) return;
    this.#limit = Math.max(minLimit, (this.#limit ?? Math.max(firstLimit, inFlight)) * decreaseFactor);
    this.#wasReached = false;
    this.#windowEndsAt = now + windowMs;
  }
}
