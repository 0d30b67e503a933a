const bucketMs = 1_000;

/** How often something happened in the last `seconds`, to the second. Costs the same however often it happens. */
export class SlidingCount {
  readonly #counts: number[];
  #newest = 0;
  #total = 0;

  constructor(seconds: number) {
    this.#counts = new Array<number>(seconds).fill(0);
  }

  add(now: number): void {
    this.#turn(now);
    const slot = this.#newest % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#total += 1;
  }

  total(now: number): number {
    this.#turn(now);
    return this.#total;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** Forgets the seconds that have passed out of the window. A clock that goes back stays in the newest second. */
  #turn(now: number): void {
    const second = Math.floor(now / bucketMs);
    const passed = Math.min(second - this.#newest, this.#counts.length);
    for (let step = 0; step < passed; step += 1) {
      const slot = (second - step) % this.#counts.length;
      this.#total -= this.#counts[slot] ?? 0;
      this.#counts[slot] = 0;
    }
    this.#newest = Math.max(second, this.#newest);
  }
}
