/**
 * Shut until a time. After it, one at a time is let in to see, and the first that comes through well opens it for all.
 * Times are milliseconds since the epoch.
 */
export class Turnstile {
  #shutUntil: number | null = null;
  #visitor = false;

  get isOpen(): boolean {
    return this.#shutUntil === null;
  }

  admits(now: number): boolean {
    return this.#shutUntil === null || (now >= this.#shutUntil && !this.#visitor);
  }

  /** When the next may come in: `now` if that is at once; null while somebody in there is waited for. */
  opensAt(now: number): number | null {
    if (this.#shutUntil === null) return now;
    return this.#visitor ? null : Math.max(now, this.#shutUntil);
  }

  /** Somebody goes in, having been admitted. Answers whether they are the one who sees for all. */
  enter(): boolean {
    if (this.#shutUntil === null) return false;
    this.#visitor = true;
    return true;
  }

  /** Whoever sees for all has come out, well or not. */
  leave(): void {
    this.#visitor = false;
  }

  shut(until: number): void {
    this.#shutUntil = Math.max(until, this.#shutUntil ?? 0);
  }

  open(): void {
    this.#shutUntil = null;
  }
}
