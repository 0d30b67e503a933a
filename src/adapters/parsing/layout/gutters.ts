import { type Box, centreX, centreY, median, overlap } from './geometry.ts';

/** Something that takes a place in the reading order: a segment of text, or a table found before. */
export interface Placed extends Box {
  baseline: number;
  size: number;
  /** What it says; null of what is no text. */
  text: string | null;
}

/** White space between two columns, as far up and down as nothing crosses it. */
export type Gutter = Box;

/** Share of an em: a narrower gap between columns of text is not seen as one. */
const minGutter = 0.8;

/** Grows a gutter over the items that follow each other away from it, until one crosses it. */
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

/** The white space between neighbours on one line, tallest first. */
export function guttersOf(items: readonly Placed[]): Gutter[] {
  const minWidth = minGutter * median(items.map((item) => item.size));
  const sorted = [...items].sort((a, b) => centreY(a) - centreY(b));
  const gutters: Gutter[] = [];
  sorted.forEach((item, index) => {
    const beside = sorted.filter(
      (other) => other.left > item.right && overlap(item.top, item.bottom, other.top, other.bottom) > 0,
    );
    const right = Math.min(...beside.map((other) => other.left));
    if (!Number.isFinite(right) || right - item.right < minWidth) return;
    const seed = { left: item.right, right, top: item.top, bottom: item.bottom };
    const below = extend(seed, sorted.slice(index + 1), minWidth);
    gutters.push(extend(below, sorted.slice(0, index).reverse(), minWidth));
  });
  return gutters.sort((a, b) => b.bottom - b.top - (a.bottom - a.top));
}

/** What lies on either side of a gutter, within its height. */
export function sidesOf<T extends Placed>(gutter: Gutter, items: readonly T[]): { left: T[]; right: T[] } {
  const inside = items.filter((item) => centreY(item) >= gutter.top && centreY(item) <= gutter.bottom);
  return {
    left: inside.filter((item) => centreX(item) < centreX(gutter)),
    right: inside.filter((item) => centreX(item) >= centreX(gutter)),
  };
}
