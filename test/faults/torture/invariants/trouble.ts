/** When something was broken: only what fell into such a time, and depended on what was broken, is excused. */
import type { HistoryEntry } from '../history.ts';

export interface Trouble {
  /** How it was broken: kind of a fault, or `away` for a process or engine that did not serve. */
  kind: string;
  /** Name of the link, process or engine. */
  target: string;
  from: number;
  /** Infinity for what never ended. */
  to: number;
}

/** An upstream that has failed is asked again after a minute at most, so long calls may be turned away because of it. */
export const breakerMs = 65_000;

/** That a process is gone is noticed a little later than by whoever spoke to it. */
const noticedAfterMs = 500;
/** How long it may be felt: connections are made anew, a primary is elected, who hung catches up. */
const feltForMs = { process: 1_000, other: 5_000 };

export function troublesIn(entries: readonly HistoryEntry[]): Trouble[] {
  const troubles: Trouble[] = [];
  const open = new Map<string, Trouble>();
  for (const entry of entries) {
    if (entry.type !== 'fault' && entry.type !== 'away') continue;
    const { target, phase, at } = entry;
    const kind = entry.type === 'fault' ? entry.fault : 'away';
    const key = `${kind} ${target}`;
    if (phase === 'begin') {
      const from = entry.type === 'away' ? at - noticedAfterMs : at;
      const trouble = { kind, target, from, to: Number.POSITIVE_INFINITY };
      open.set(key, trouble);
      troubles.push(trouble);
    } else {
      const trouble = open.get(key);
      if (trouble) trouble.to = at;
      open.delete(key);
    }
  }
  return troubles;
}

/** Those that were there at some moment from `from` to `to`, or had been over for no longer than `graceMs` by then. */
export function during(troubles: readonly Trouble[], from: number, to: number, graceMs = 0): Trouble[] {
  return troubles.filter((trouble) => trouble.from <= to && trouble.to + graceMs >= from);
}

/** Those that may have been felt at some moment from `from` to `to`. */
export function feltDuring(troubles: readonly Trouble[], from: number, to: number): Trouble[] {
  return troubles.filter((trouble) => {
    const isProcess = /^(api|worker)-\d$/.test(trouble.target);
    return during([trouble], from, to, isProcess ? feltForMs.process : feltForMs.other).length > 0;
  });
}
