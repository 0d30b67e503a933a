/** Room for so much at once, in whatever it is measured in. */
export interface Room {
  /**
   * Waits, in order of arrival, until there is room for `weight`, and answers how to give it back. What is heavier than
   * all there is takes all, alone. Rejects with the reason of `signal` when that aborts first, and with a RangeError
   * when `weight` is no number from 0 on: it would be missing, or left over, for ever.
   */
  enter(weight: number, signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  weight: number;
  admit(): void;
}

export function createRoom(size: number): Room {
  const waiting: Waiter[] = [];
  let free = size;

  function admitNext(): void {
    for (let next = waiting[0]; next && next.weight <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.weight;
      next.admit();
    }
  }

  return {
    async enter(wanted, signal) {
      signal.throwIfAborted();
      if (!(wanted >= 0)) throw new RangeError(`Expected a weight of 0 or more; got ${wanted}.`);
      const weight = Math.min(wanted, size);
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason);
          // Whoever stood behind may fit.
          admitNext();
        };
        const admit = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const waiter: Waiter = { weight, admit };
        waiting.push(waiter);
        signal.addEventListener('abort', leave);
        admitNext();
      });
      let isInside = true;
      return () => {
        if (!isInside) return;
        isInside = false;
        free += weight;
        admitNext();
      };
    },
  };
}
