interface Waiter {
  ticket: number;
  wake(): void;
}

/**
 * Requests for which nobody has room. Whoever becomes free wakes the first; work without a waiting caller stands behind
 * all others. A line that is full takes nobody more.
 */
export class WaitingLine {
  readonly #maxLength: number;
  readonly #callers: Waiter[] = [];
  readonly #background: Waiter[] = [];
  #lastTicket = 0;
  #resting = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get isFull(): boolean {
    return this.#callers.length + this.#background.length + this.#resting >= this.#maxLength;
  }

  /** A place in order of arrival. Who has to wait again keeps it. */
  ticket(): number {
    this.#lastTicket += 1;
    return this.#lastTicket;
  }

  /** Resolves when it is worth looking again: somebody became free, the time is up, or `signal` aborts from now on. */
  wait(ticket: number, inBackground: boolean, maxMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const line = inBackground ? this.#background : this.#callers;
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        const place = line.indexOf(waiter);
        if (place !== -1) line.splice(place, 1);
        resolve();
      };
      const waiter: Waiter = { ticket, wake: leave };
      const timer = setTimeout(leave, maxMs);
      signal.addEventListener('abort', leave);
      const behind = line.findIndex((other) => other.ticket > ticket);
      line.splice(behind === -1 ? line.length : behind, 0, waiter);
    });
  }

  /** Waits for nothing but the time, or `signal`. */
  rest(ms: number, signal: AbortSignal): Promise<void> {
    this.#resting += 1;
    return new Promise((resolve) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        this.#resting -= 1;
        resolve();
      };
      const timer = setTimeout(leave, ms);
      signal.addEventListener('abort', leave);
    });
  }

  wakeFirst(): void {
    (this.#callers[0] ?? this.#background[0])?.wake();
  }
}
