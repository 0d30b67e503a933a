import { type Box, centreX, centreY, median, overlap, quantile, unite, widthOf } from './geometry.ts';
import { rowsOf } from './segment.ts';
import { hasLeaders } from './text.ts';

/** Something that takes a place in the reading order: a segment of text, or a table found before. */
export interface Placed extends Box {
  baseline: number;
  size: number;
  /** What it says; null of what is no text. */
  text: string | null;
}

interface Gutter {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Share of an em: a narrower gap between columns of text is not seen as one. */
const minGutter = 0.8;
const minLines = 3;
/** Characters: a line of a table is seldom longer within one column. */
const proseLength = 24;
/** Bounds of the search: a page of text has far fewer pieces, and its gutters are among the tallest. */
const maxItems = 2_000;
const maxGutters = 24;
const maxNesting = 2;

/** How far the white space between two items reaches up or down before something crosses it. */
function extend(gutter: Gutter, items: readonly Placed[], minWidth: number): Gutter {
  const grown = { ...gutter };
  for (const item of items) {
    if (overlap(item.left, item.right, grown.left, grown.right) > 0) {
      const onRight = grown.right - item.right;
      const onLeft = item.left - grown.left;
      if (Math.max(onRight, onLeft) < minWidth) break;
      if (onRight >= onLeft) grown.left = item.right;
      else grown.right = item.left;
    }
    grown.top = Math.min(grown.top, item.top);
    grown.bottom = Math.max(grown.bottom, item.bottom);
  }
  return grown;
}

function sidesOf(gutter: Gutter, items: readonly Placed[]): { left: Placed[]; right: Placed[] } {
  const inside = items.filter((item) => centreY(item) >= gutter.top && centreY(item) <= gutter.bottom);
  const middle = (gutter.left + gutter.right) / 2;
  return {
    left: inside.filter((item) => centreX(item) < middle),
    right: inside.filter((item) => centreX(item) >= middle),
  };
}

/** Candidates: the white space between neighbours on one line, as far as it reaches up and down. */
function guttersOf(items: readonly Placed[]): Gutter[] {
  const em = median(items.map((item) => item.size));
  const sorted = [...items].sort((a, b) => centreY(a) - centreY(b));
  const gutters: Gutter[] = [];
  sorted.forEach((item, index) => {
    const beside = sorted.filter(
      (other) => other.left > item.right && overlap(item.top, item.bottom, other.top, other.bottom) > 0,
    );
    const right = Math.min(...beside.map((other) => other.left));
    if (!Number.isFinite(right) || right - item.right < minGutter * em) return;
    const seed = { left: item.right, right, top: item.top, bottom: item.bottom };
    const below = extend(seed, sorted.slice(index + 1), minGutter * em);
    const above = extend({ ...below, top: item.top }, sorted.slice(0, index).reverse(), minGutter * em);
    gutters.push({ ...above, top: Math.min(above.top, below.top), bottom: Math.max(above.bottom, below.bottom) });
  });
  return gutters;
}

const charactersOf = (items: readonly Placed[]): number =>
  items.reduce((sum, item) => sum + (item.text?.length ?? 0), 0);

/** Most of what it says stands in lines that fill the column, or in sentences that run on from line to line. */
function isProse(side: readonly Placed[]): boolean {
  const rows = rowsOf(side.filter((item) => item.text !== null));
  const lines = rows.flatMap((row) => (row.length === 1 && row[0] !== undefined ? [row[0]] : []));
  if (lines.length < minLines) return false;
  const width = widthOf(unite(side));
  const full = lines.filter((line) => widthOf(line) > 0.55 * width && (line.text?.length ?? 0) > proseLength);
  if (full.length >= minLines && charactersOf(full) >= 0.6 * charactersOf(side)) return true;
  return lines.length >= 0.75 * rows.length && runsOn(lines.map((line) => line.text ?? ''));
}

/** Half of the lines go on in small letters where the line before did not end a sentence. */
function runsOn(lines: readonly string[]): boolean {
  const words = lines.reduce((sum, line) => sum + line.split(' ').length, 0);
  const pairs = lines.slice(1).filter((line, index) => /^\p{Ll}/u.test(line) && !/[.:;!?]$/.test(lines[index] ?? ''));
  return words >= 3 * lines.length && pairs.length >= 0.5 * (lines.length - 1);
}

/** Share of the lines of the shorter side that stand on a line of the other. */
function alignment(left: readonly Placed[], right: readonly Placed[]): number {
  const [few, many] = left.length < right.length ? [left, right] : [right, left];
  const aligned = few.filter((item) =>
    many.some((other) => Math.abs(other.baseline - item.baseline) < 0.2 * Math.min(item.size, other.size)),
  );
  return aligned.length / Math.max(1, few.length);
}

/** Columns of text rather than of a table: prose on both sides, or lines that do not stand on those beside them. */
function areColumns(left: readonly Placed[], right: readonly Placed[], nesting: number): boolean {
  if (Math.min(rowsOf(left).length, rowsOf(right).length) < minLines) return false;
  const isIndex = (side: readonly Placed[]) =>
    side.filter((item) => hasLeaders(item.text ?? '')).length > 0.3 * side.length;
  const flows = (side: readonly Placed[]) => isProse(side) || isIndex(side) || columnsOf(side, nesting + 1) !== null;
  if (alignment(left, right) < 0.5) return true;
  return flows(left) && flows(right);
}

export interface Columns<T extends Placed> {
  above: T[];
  left: T[];
  right: T[];
  below: T[];
}

/**
 * A short end of one column beyond the end of the other is part of what follows it when white space separates it from
 * the column.
 */
function trim(gutter: Gutter, left: readonly Placed[], right: readonly Placed[]): Gutter {
  const both = [...left, ...right].sort((a, b) => a.top - b.top);
  const pitch = quantile(
    rowsOf(left).flatMap((row, index, rows) =>
      rows[index - 1]?.[0] ? [(row[0]?.baseline ?? 0) - (rows[index - 1]?.[0]?.baseline ?? 0)] : [],
    ),
    0.3,
  );
  const end = Math.min(unite(left).bottom, unite(right).bottom);
  const start = Math.max(unite(left).top, unite(right).top);
  let { top, bottom } = gutter;
  const tail = both.filter((item) => item.top >= end - 1);
  if (tail.length <= 4) {
    let previous = end;
    for (const item of tail) {
      if (item.top - previous > 0.8 * pitch) bottom = Math.min(bottom, item.top - 1);
      previous = item.bottom;
    }
  }
  const head = both.filter((item) => item.bottom <= start + 1).reverse();
  if (head.length <= 4) {
    let previous = start;
    for (const item of head) {
      if (previous - item.bottom > 0.8 * pitch) top = Math.max(top, item.bottom + 1);
      previous = item.top;
    }
  }
  return { ...gutter, top, bottom };
}

/** The tallest gutter that separates columns of text, with what lies above, beside and below it. */
export function columnsOf<T extends Placed>(items: readonly T[], nesting = 0): Columns<T> | null {
  if (items.length > maxItems || nesting > maxNesting) return null;
  const gutters = guttersOf(items).sort((a, b) => b.bottom - b.top - (a.bottom - a.top));
  const tried = new Set<string>();
  for (const gutter of gutters) {
    const key = `${Math.round(gutter.top)} ${Math.round(gutter.bottom)} ${Math.round(gutter.left)}`;
    if (tried.has(key)) continue;
    if (tried.size >= maxGutters) break;
    tried.add(key);
    const sides = sidesOf(gutter, items);
    if (!areColumns(sides.left, sides.right, nesting)) continue;
    const band = trim(gutter, sides.left, sides.right);
    const middle = (band.left + band.right) / 2;
    const inBand = (item: Placed) => centreY(item) >= band.top && centreY(item) <= band.bottom;
    return {
      above: items.filter((item) => centreY(item) < band.top),
      left: items.filter((item) => inBand(item) && centreX(item) < middle),
      right: items.filter((item) => inBand(item) && centreX(item) >= middle),
      below: items.filter((item) => centreY(item) > band.bottom),
    };
  }
  return null;
}

/** Splits a page into regions that are read one after the other, each a single column. */
export function regionsOf<T extends Placed>(items: readonly T[]): T[][] {
  if (items.length === 0) return [];
  const columns = columnsOf(items);
  if (columns === null) return [[...items]];
  const { above, left, right, below } = columns;
  return [above, left, right, below].flatMap((part) => (part.length < items.length ? regionsOf(part) : [part]));
}
