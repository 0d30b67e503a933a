import { type Box, unite } from './geometry.ts';
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

/** Groups words that stand on one baseline; lines of neighbouring columns that differ by little stay apart. */
function linesOf(words: readonly Word[]): Word[][] {
  const lines: Word[][] = [];
  for (const word of [...words].sort((a, b) => a.left - b.left)) {
    let nearest: Word[] | null = null;
    let distance = Infinity;
    for (const line of lines) {
      const last = line.at(-1) ?? word;
      const shift = Math.abs(last.baseline - word.baseline);
      if (shift > sameLine * Math.min(last.size, word.size)) continue;
      const gap = word.left - last.right;
      if (gap < -overlapAllowed * word.size || shift * 4 + gap >= distance) continue;
      nearest = line;
      distance = shift * 4 + gap;
    }
    if (nearest === null) lines.push([word]);
    else nearest.push(word);
  }
  return lines;
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
