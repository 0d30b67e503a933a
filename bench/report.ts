/** How every benchmark speaks: a table for people, JSON for whoever compares. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** Ours over the floor's, or the like; only where there is something to compare with. */
  ratio?: number;
  /** What the ratio, or else the value, should be. */
  goal?: string;
}

const folder = join(import.meta.dirname, '../.data/bench');

/** Prints the figures and saves them as `.data/bench/<name>.json`. */
export async function report(name: string, figures: readonly Figure[]): Promise<void> {
  const rows = figures.map(({ what, value, unit, ratio, goal }) => ({
    what,
    value: `${round(value)} ${unit}`,
    ratio: ratio === undefined ? '' : round(ratio),
    goal: goal ?? '',
  }));
  console.table(rows);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  await writeFile(path, `${JSON.stringify({ name, at: new Date().toISOString(), figures }, null, 2)}\n`);
  process.stdout.write(`saved ${path}\n`);
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
