import type { Counters } from '../adapters/mongo/counters.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../core/call.ts';

/** What the verbs are made with. Each group of verbs picks the few it needs. */
export interface Dependencies {
  config: Config;
  log: Logger;
  /** Milliseconds since the epoch; tests set it. */
  clock: { now(): number };
  counters: Counters;
}
