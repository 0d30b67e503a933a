import { type Box, centreX, median, overlap, widthOf } from './geometry.ts';
import type { Segment } from './segment.ts';

/** The segments of one line, from left to right. */
export type Row = readonly Segment[];

/** A column of a table, as a range of x. */
export interface Column {
  left: number;
  right: number;
}

/** Share of an em within which edges are in line. */
const tolerance = 0.6;

const edges = [(box: Box) => box.left, (box: Box) => box.right, centreX];

const isOver = (column: Column, segment: Box): boolean =>
  overlap(column.left, column.right, segment.left, segment.right) > 0;

/** Narrow segments make columns; wide ones that cross several are headings over columns. */
export function columnsOf(rows: readonly Row[]): Column[] {
  const columns: Column[] = [];
  for (const segment of rows.flat().sort((a, b) => widthOf(a) - widthOf(b))) {
    const [first, second] = columns.filter((column) => isOver(column, segment));
    if (first === undefined) columns.push({ left: segment.left, right: segment.right });
    else if (second === undefined) {
      first.left = Math.min(first.left, segment.left);
      first.right = Math.max(first.right, segment.right);
    }
  }
  // A column that grew may have reached its neighbour.
  const merged: Column[] = [];
  for (const column of columns.sort((a, b) => a.left - b.left)) {
    const last = merged.at(-1);
    if (last !== undefined && overlap(last.left, last.right, column.left, column.right) > 0) {
      last.right = Math.max(last.right, column.right);
    } else merged.push({ ...column });
  }
  return merged;
}

/** Which columns a segment stands in: one, or several when it is a heading over them. */
export const columnsUnder = (segment: Segment, columns: readonly Column[]): number[] =>
  columns.flatMap((column, index) => (isOver(column, segment) ? [index] : []));

export const columnIndex = (columns: readonly Column[], segment: Segment): number =>
  columnsUnder(segment, columns)[0] ?? 0;

export const crosses = (segment: Segment, columns: readonly Column[]): boolean =>
  columnsUnder(segment, columns).length > 1;

/** Most values that lie within one window of this width. */
function mostWithin(values: readonly number[], width: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  let first = 0;
  return sorted.reduce((most, value, index) => {
    while (value - (sorted[first] ?? value) > width) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

/** The share of the segments of a column that have an edge or the middle in common. */
export function alignedShare(segments: readonly Segment[]): number {
  const window = 2 * tolerance * median(segments.map((segment) => segment.size));
  return Math.max(...edges.map((edge) => mostWithin(segments.map(edge), window))) / segments.length;
}

/** With how many of the segments in its column a segment shares an edge or its middle. */
export function sharedEdges(segment: Segment, rows: readonly Row[]): number {
  const near = tolerance * segment.size;
  const column = rows.flat().filter((other) => isOver(other, segment));
  const shared = edges.map((edge) => column.filter((other) => Math.abs(edge(other) - edge(segment)) <= near).length);
  return Math.max(...shared);
}
