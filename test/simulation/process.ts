/** Processes that die, stop for a while and have clocks of their own, and what lies between them and the stores. */
import { GatewayError } from '../../src/core/errors.ts';
import type { Timeline } from './timeline.ts';

/** One life of a process: after its death, nothing of it ever happens again. */
export interface Life {
  name: string;
  isAlive(): boolean;
  /** When it goes on again; in the past for one that runs. */
  stoppedUntil(): number;
  /** Its own clock, which may be wrong. */
  now(): number;
  die(): void;
  stop(forMs: number): void;
  setClock(offsetMs: number): void;
  onDeath(listener: () => void): void;
  /** Time as the process has it: it does not end while the process is stopped, and never when it is dead. */
  sleep(delayMs: number): Promise<void>;
}

export function createLife(timeline: Timeline, name: string): Life {
  let alive = true;
  let stoppedUntil = 0;
  let offsetMs = 0;
  const listeners: (() => void)[] = [];

  function whenRunning(work: () => void): void {
    if (!alive) return;
    if (timeline.now() < stoppedUntil) timeline.after(stoppedUntil - timeline.now(), () => whenRunning(work));
    else work();
  }

  return {
    name,
    isAlive: () => alive,
    stoppedUntil: () => stoppedUntil,
    now: () => Math.round(timeline.now() + offsetMs),
    die() {
      if (!alive) return;
      alive = false;
      for (const listener of listeners) listener();
    },
    stop: (forMs) => {
      stoppedUntil = timeline.now() + forMs;
    },
    setClock: (value) => {
      offsetMs = value;
    },
    onDeath: (listener) => listeners.push(listener),
    sleep: (delayMs) => new Promise((resolve) => timeline.after(delayMs, () => whenRunning(resolve))),
  };
}

/** A store that is away, as its driver says it. */
export class OutageError extends Error {
  override readonly name = 'OutageError';
}

export interface LinkFaults {
  /** Share of requests that are carried out and whose answer never comes. */
  lostReplies: number;
  maxLatencyMs: number;
}

/** What lies between processes and one store. */
export function createLink(timeline: Timeline, faults: () => LinkFaults, failure: () => Error) {
  let downUntil = 0;

  /** Carries out `work` at the store, at once and whole, and brings back what came of it: sometime, or not at all. */
  function request<T>(life: Life, work: () => Promise<T>): Promise<T> {
    if (!life.isAlive()) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const { lostReplies, maxLatencyMs } = faults();
      timeline.after(timeline.between(0, maxLatencyMs), () => {
        // What a process has sent before its death may still arrive.
        if (!life.isAlive() && timeline.chance(0.5)) return;
        const isDown = timeline.now() < downUntil;
        const outcome = isDown ? Promise.reject(failure()) : work();
        const isLost = timeline.chance(lostReplies);
        const settled = outcome.then(
          (value) => () => (isLost ? reject(failure()) : resolve(value)),
          (error: unknown) => () => reject(error),
        );
        void settled.then((settle) => {
          void life.sleep(timeline.between(0, maxLatencyMs)).then(() => {
            if (life.isAlive()) settle();
          });
        });
      });
    });
  }

  return {
    request,
    goDown(forMs: number): void {
      downUntil = timeline.now() + forMs;
    },
    /** Every function of `store`, asked by `life` over the link. */
    over<Store extends object>(life: Life, store: Store): Store {
      const entries = Object.entries(store).map(([name, method]) => [
        name,
        (...args: unknown[]) => request(life, async () => method(...args)),
      ]);
      return Object.fromEntries(entries) as Store;
    },
  };
}

export function engineAway(): GatewayError {
  return new GatewayError('unavailable', 'The workflow engine does not answer. Try again shortly.');
}
