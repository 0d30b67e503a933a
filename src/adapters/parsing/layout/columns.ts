import { centreY, quantile, unite } from './geometry.ts';
import { type Gutter, guttersOf, type Placed, sidesOf } from './gutters.ts';
import { isEndOfProse, isProse } from './prose.ts';
import { rowsOf } from './segment.ts';
import { hasLeaders } from './text.ts';

const minLines = 3;
/** Bounds of the search: a page of text has far fewer pieces, and its gutters are among the tallest. */
const maxItems = 2_000;
const maxGutters = 24;
const maxNesting = 2;

/** Share of the lines of the shorter side that stand on a line of the other. */
function alignment(left: readonly Placed[], right: readonly Placed[]): number {
  const [few, many] = left.length < right.length ? [left, right] : [right, left];
  const aligned = few.filter((item) =>
    many.some((other) => Math.abs(other.baseline - item.baseline) < 0.2 * Math.min(item.size, other.size)),
  );
  return aligned.length / Math.max(1, few.length);
}

const isIndex = (side: readonly Placed[]): boolean =>
  side.filter((item) => hasLeaders(item.text ?? '')).length > 0.3 * side.length;

/** Columns of text rather than of a table: prose on both sides, or lines that do not stand on those beside them. */
function areColumns(left: readonly Placed[], right: readonly Placed[], nesting: number): boolean {
  if (isEndOfProse(right, left)) return true;
  if (Math.min(rowsOf(left).length, rowsOf(right).length) < minLines) return false;
  const flows = (side: readonly Placed[]) => isProse(side) || isIndex(side) || columnsOf(side, nesting + 1) !== null;
  return alignment(left, right) < 0.5 || (flows(left) && flows(right));
}

/** Usual distance between the lines of one column. */
function pitchOf(side: readonly Placed[]): number {
  const baselines = rowsOf(side).map((row) => row[0]?.baseline ?? 0);
  const pitches = baselines.slice(1).map((baseline, index) => baseline - (baselines[index] ?? baseline));
  return quantile(pitches, 0.3);
}

/** A few lines beyond the end of the other column may belong to what follows; then white space comes before them. */
const maxLooseEnd = 4;
const looseGap = 0.8;

/** Where a loose end begins that reaches from `end` on; `items` lead away from it. */
function looseEnd(items: readonly Placed[], end: number, pitch: number, direction: 1 | -1): number | null {
  if (items.length > maxLooseEnd) return null;
  const near = (item: Placed) => (direction === 1 ? item.top : item.bottom);
  const far = (item: Placed) => (direction === 1 ? item.bottom : item.top);
  const loose = items.find((item, index) => {
    const before = items[index - 1];
    const gap = direction * (near(item) - (before === undefined ? end : far(before)));
    return gap > looseGap * pitch;
  });
  return loose === undefined ? null : near(loose) - direction;
}

/** The part of a gutter that columns stand beside, without loose ends of one of them. */
function trim(gutter: Gutter, left: readonly Placed[], right: readonly Placed[]): Gutter {
  const both = [...left, ...right].sort((a, b) => a.top - b.top);
  const pitch = pitchOf(left);
  const end = Math.min(unite(left).bottom, unite(right).bottom);
  const start = Math.max(unite(left).top, unite(right).top);
  const tail = both.filter((item) => item.top >= end - 1);
  const head = both.filter((item) => item.bottom <= start + 1).reverse();
  return {
    ...gutter,
    top: looseEnd(head, start, pitch, -1) ?? gutter.top,
    bottom: looseEnd(tail, end, pitch, 1) ?? gutter.bottom,
  };
}

interface Columns<T extends Placed> {
  above: T[];
  left: T[];
  right: T[];
  below: T[];
}

/** The tallest gutter that separates columns of text, with what lies above, beside and below it. */
function columnsOf<T extends Placed>(items: readonly T[], nesting = 0): Columns<T> | null {
  if (items.length > maxItems || nesting > maxNesting) return null;
  const tried = new Set<string>();
  for (const gutter of guttersOf(items)) {
    const key = [gutter.top, gutter.bottom, gutter.left].map(Math.round).join(' ');
    if (tried.has(key)) continue;
    if (tried.size >= maxGutters) return null;
    tried.add(key);
    const { left, right } = sidesOf(gutter, items);
    if (!areColumns(left, right, nesting)) continue;
    const band = trim(gutter, left, right);
    return {
      above: items.filter((item) => centreY(item) < band.top),
      ...sidesOf(band, items),
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
