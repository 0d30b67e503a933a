import { type Box, median, unite } from './geometry.ts';
import type { Word } from './page.ts';

/** Words that follow each other on one line without a gap wide enough to separate columns or cells. */
export interface Segment extends Box {
  words: Word[];
  baseline: number;
  size: number;
}

/** Shares of an em. */
const sameLine = 0.3;
const overlapAllowed = 0.6;
const widestSpace = 0.5;
const columnGap = 0.65;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Words in the order in which they are read: by place, but right-to-left text as its source names it. */
export function inReadingOrder(words: readonly Word[]): Word[] {
  const reversed = words.filter((word) => rightToLeft.test(word.text)).length * 2 > words.length;
  return [...words].sort(reversed ? (a, b) => a.order - b.order : (a, b) => a.left - b.left);
}

export function segmentOf(words: readonly Word[]): Segment {
  const largest = words.reduce((best, word) => (word.text.length > best.text.length ? word : best));
  return { words: inReadingOrder(words), baseline: largest.baseline, size: largest.size, ...unite(words) };
}

/** Words of one line, from left to right, cut at the gaps. Evenly wide spaces of a justified line are no gaps. */
function cut(line: readonly Word[]): Segment[] {
  const gaps = line.slice(1).map((word, index) => {
    const previous = line[index] ?? word;
    return (word.left - previous.right) / Math.max(word.size, previous.size);
  });
  const space = Math.min(widestSpace, ...gaps.map((gap) => Math.max(0.15, gap)));
  const segments: Segment[] = [];
  let pending: Word[] = [];
  line.forEach((word, index) => {
    if (index > 0 && (gaps[index - 1] ?? 0) > space + columnGap) {
      segments.push(segmentOf(pending));
      pending = [];
    }
    pending.push(word);
  });
  return pending.length === 0 ? segments : [...segments, segmentOf(pending)];
}

/** Lines by where their last word stands, so that a word is compared with the few lines near it. */
class LineIndex {
  readonly lines: Word[][] = [];
  readonly #height: number;
  readonly #buckets = new Map<number, Set<Word[]>>();

  constructor(height: number) {
    this.#height = Math.max(1, height);
  }

  #bucketOf(baseline: number): number {
    return Math.round(baseline / this.#height);
  }

  near(word: Word): Word[][] {
    const reach = sameLine * word.size;
    const found: Word[][] = [];
    for (let at = this.#bucketOf(word.baseline - reach); at <= this.#bucketOf(word.baseline + reach); at += 1) {
      found.push(...(this.#buckets.get(at) ?? []));
    }
    return found;
  }

  #enter(line: Word[], baseline: number): void {
    const at = this.#bucketOf(baseline);
    const bucket = this.#buckets.get(at) ?? new Set();
    this.#buckets.set(at, bucket.add(line));
  }

  start(word: Word): void {
    const line = [word];
    this.lines.push(line);
    this.#enter(line, word.baseline);
  }

  append(line: Word[], word: Word): void {
    this.#buckets.get(this.#bucketOf(line.at(-1)?.baseline ?? 0))?.delete(line);
    line.push(word);
    this.#enter(line, word.baseline);
  }
}

/** Groups words that stand on one baseline; lines of neighbouring columns that differ by little stay apart. */
function linesOf(words: readonly Word[]): Word[][] {
  const index = new LineIndex(median(words.map((word) => word.size)));
  for (const word of [...words].sort((a, b) => a.left - b.left)) {
    let nearest: Word[] | null = null;
    let distance = Infinity;
    for (const line of index.near(word)) {
      const last = line.at(-1) ?? word;
      const shift = Math.abs(last.baseline - word.baseline);
      if (shift > sameLine * Math.min(last.size, word.size)) continue;
      const gap = word.left - last.right;
      if (gap < -overlapAllowed * word.size || shift * 4 + gap >= distance) continue;
      nearest = line;
      distance = shift * 4 + gap;
    }
    if (nearest === null) index.start(word);
    else index.append(nearest, word);
  }
  return index.lines;
}

export const segmentsOf = (words: readonly Word[]): Segment[] => linesOf(words).flatMap(cut);

/** Segments that share a line, as rows from top to bottom, each from left to right. */
export function rowsOf<T extends { baseline: number; size: number; left: number }>(items: readonly T[]): T[][] {
  const rows: T[][] = [];
  for (const item of [...items].sort((a, b) => a.baseline - b.baseline)) {
    const row = rows.at(-1);
    const first = row?.[0];
    const near = first !== undefined && item.baseline - first.baseline <= 0.4 * Math.min(first.size, item.size);
    if (near && row !== undefined) row.push(item);
    else rows.push([item]);
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left);
  return rows;
}
