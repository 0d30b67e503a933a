/** Time that passes only when nothing is left to do in the moment: hours in milliseconds, the same for the same seed. */
import { setImmediate as turn } from 'node:timers/promises';

export interface Timeline {
  now(): number;
  /** From 0 to 1, drawn from the seed. */
  random(): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Runs `work` when `delayMs` have passed. */
  after(delayMs: number, work: () => void): void;
  sleep(delayMs: number): Promise<void>;
  /** Lets time pass until `until` is reached. */
  run(until: number): Promise<void>;
  /** Time passes at once, as over a machine that was put to sleep. */
  skip(forMs: number): void;
  /** How much time was not lived through but skipped. */
  skippedMs(): number;
  /** How many things have happened. */
  steps(): number;
}

interface Due {
  at: number;
  order: number;
  work(): void;
}

export function createTimeline(seed: number, startsAt: number): Timeline {
  const queue: Due[] = [];
  let now = startsAt;
  let order = 0;
  let steps = 0;
  let skippedMs = 0;
  let state = seed >>> 0;

  /** Mulberry32. */
  function random(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function isBefore(a: Due, b: Due): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  function push(due: Due): void {
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(due, queue[middle] as Due)) low = middle + 1;
      else high = middle;
    }
    queue.splice(low, 0, due);
  }

  function after(delayMs: number, work: () => void): void {
    order += 1;
    push({ at: now + Math.max(0, delayMs), order, work });
  }

  return {
    now: () => now,
    random,
    between: (low, high) => low + random() * (high - low),
    chance: (probability) => random() < probability,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    steps: () => steps,
    skippedMs: () => skippedMs,
    skip: (forMs) => {
      now += forMs;
      skippedMs += forMs;
    },
    async run(until) {
      for (let next = queue.at(-1); next && next.at <= until; next = queue.at(-1)) {
        queue.pop();
        // What was due while time was skipped is done late.
        now = Math.max(now, next.at);
        steps += 1;
        next.work();
        // Everything that follows without waiting for time happens before the next thing does.
        await turn();
      }
      now = until;
    },
  };
}
