/**
 * Texts, remembered by their length and a few pieces of them, to estimate how many tokens they are: the beginning, then
 * a window at every power of two. Up to three windows of text are taken as a whole; however long the texts are, the
 * sample has less than twenty.
 */
export class TokenTally {
  #length = 0;
  #sample = '';
  /** Where the current or the next window begins. */
  #window = 0;
  readonly #windowUnits: number;

  constructor(windowUnits = 256) {
    this.#windowUnits = windowUnits;
  }

  add(text: string): void {
    const size = this.#windowUnits;
    for (let taken = 0; taken < text.length; ) {
      const rest = text.length - taken;
      if (this.#length >= this.#window + size) this.#window = Math.max(size, this.#window * 2);
      const untilWindow = this.#window - this.#length;
      const step = Math.min(rest, untilWindow > 0 ? untilWindow : untilWindow + size);
      if (untilWindow <= 0) this.#sample += text.slice(taken, taken + step);
      this.#length += step;
      taken += step;
    }
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** What `count` says of the sample, for the whole length. */
  estimate(count: (sample: string) => number): number {
    if (this.isEmpty) return 0;
    return Math.ceil((count(this.#sample) / this.#sample.length) * this.#length);
  }
}
