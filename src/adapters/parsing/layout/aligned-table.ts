import { type Box, centreX, median, overlap, widthOf } from './geometry.ts';
import type { Word } from './page.ts';
import type { Segment } from './segment.ts';

/** A table without lines: rows of segments that stand under each other. */
export interface AlignedTable {
  /** First row and the row after the last, in the rows that were searched. */
  from: number;
  to: number;
  rows: Word[][][];
}

type Row = readonly Segment[];

interface Column {
  left: number;
  right: number;
}

/** Shares of an em. */
const tolerance = 0.6;
const widestRowGap = 3.2;
/** Rows whose every cell stands under a cell above may be this far apart. */
const widestAlignedGap = 5;
/** No table has more columns than this. */
const maxColumns = 40;
/** A row is compared with this many above it. */
const comparedRows = 40;
/** Share of cells that must stand on a common left edge, right edge or middle. */
const minAligned = 0.6;

const baselineOf = (row: Row): number => row[0]?.baseline ?? 0;

/** Columns as ranges of x: narrow segments make them, wide ones that cross several are headings over columns. */
function columnsOf(rows: readonly Row[]): Column[] {
  const columns: Column[] = [];
  const segments = rows.flat().sort((a, b) => widthOf(a) - widthOf(b));
  for (const { left, right } of segments) {
    const hit = columns.filter((column) => overlap(column.left, column.right, left, right) > 0);
    const [only] = hit;
    if (only === undefined) columns.push({ left, right });
    else if (hit.length === 1) {
      only.left = Math.min(only.left, left);
      only.right = Math.max(only.right, right);
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
const columnsUnder = (segment: Segment, columns: readonly Column[]): number[] =>
  columns.flatMap(({ left, right }, index) => (overlap(left, right, segment.left, segment.right) > 0 ? [index] : []));

const columnIndex = (columns: readonly Column[], segment: Segment): number => columnsUnder(segment, columns)[0] ?? 0;

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
function alignedShare(segments: readonly Segment[]): number {
  const window = 2 * tolerance * median(segments.map((segment) => segment.size));
  const edges = [(box: Box) => box.left, (box: Box) => box.right, centreX];
  return Math.max(...edges.map((edge) => mostWithin(segments.map(edge), window))) / segments.length;
}

const crosses = (segment: Segment, columns: readonly Column[]): boolean => columnsUnder(segment, columns).length > 1;

/** With how many of the segments in its column a segment shares an edge or its middle. */
function sharedEdges(segment: Segment, rows: readonly Row[]): number {
  const near = tolerance * segment.size;
  const column = rows.flat().filter((other) => overlap(other.left, other.right, segment.left, segment.right) > 0);
  const shared = [(box: Box) => box.left, (box: Box) => box.right, centreX].map(
    (edge) => column.filter((other) => Math.abs(edge(other) - edge(segment)) <= near).length,
  );
  return Math.max(...shared);
}

const sharesEdge = (segment: Segment, rows: readonly Row[]): boolean => sharedEdges(segment, rows) > 0;

/** A lone cell is one when it stands under two others of its column, or under the only one. */
const fits = (segment: Segment, rows: readonly Row[]): boolean =>
  sharedEdges(segment, rows) >= Math.min(2, rows.length);

/** A line of its own in larger letters heads what follows. */
const isHeading = (segment: Segment, rows: readonly Row[]): boolean =>
  segment.size > 1.12 * median(rows.flat().map((other) => other.size));

/** The end of the rows that could belong to one table: close to each other, several segments in most of them. */
function runFrom(rows: readonly Row[], from: number): number {
  let end = from + 1;
  for (let next = from + 1; next < rows.length && next - end < 2; next += 1) {
    const [previous, row] = [rows[next - 1] ?? [], rows[next] ?? []];
    const em = Math.max(...row.map((segment) => segment.size), ...previous.map((segment) => segment.size));
    const run = rows.slice(Math.max(from, next - comparedRows), next);
    const gap = (baselineOf(row) - baselineOf(previous)) / em;
    if (gap > widestAlignedGap || row.length > maxColumns) break;
    if (gap > widestRowGap && !row.every((segment) => sharesEdge(segment, run))) break;
    const lone = row.length === 1 ? row[0] : undefined;
    if (lone !== undefined && (crosses(lone, columnsOf(run)) || !fits(lone, run) || isHeading(lone, run))) break;
    if (lone === undefined) end = next + 1;
  }
  return end;
}

function isTable(rows: readonly Row[], columns: readonly Column[]): boolean {
  if (columns.length < 2 || columns.length > maxColumns) return false;
  const tabular = rows.filter((row) => row.length > 1);
  if (tabular.length < (columns.length > 2 ? 2 : 3)) return false;
  const placed = columns.map((): Segment[] => []);
  for (const segment of rows.flat()) {
    const [index, other] = columnsUnder(segment, columns);
    if (index !== undefined && other === undefined) placed[index]?.push(segment);
  }
  if (placed.some((segments) => segments.length === 0)) return false;
  const shared = placed.filter((segments) => segments.length > 1).length;
  if (shared < (tabular.length > 2 ? 2 : 3)) return false;
  const total = placed.flat().length;
  const aligned = placed.reduce((sum, segments) => sum + alignedShare(segments) * segments.length, 0);
  return total > 0 && aligned / total >= minAligned;
}

/** A row that only goes on with the text of cells above it, because they were wrapped. */
function continues(row: Row, above: Row, columns: readonly Column[], pitch: number): boolean {
  const gap = baselineOf(row) - baselineOf(above);
  const em = median(row.map((segment) => segment.size));
  if (gap > 1.45 * em || gap > 0.8 * pitch || row.length >= above.length) return false;
  return row.every((segment) => above.some((other) => columnIndex(columns, other) === columnIndex(columns, segment)));
}

function cellsOf(rows: readonly Row[], columns: readonly Column[]): Word[][][] {
  const pitches = rows.slice(1).map((row, index) => baselineOf(row) - baselineOf(rows[index] ?? row));
  const pitch = Math.max(...pitches.filter((value) => value <= 1.6 * median(pitches)), 0);
  const cells: Word[][][] = [];
  rows.forEach((row, index) => {
    const above = rows[index - 1];
    const joins = above !== undefined && continues(row, above, columns, pitch);
    const target = (joins ? cells.at(-1) : undefined) ?? columns.map((): Word[] => []);
    if (!joins) cells.push(target);
    for (const segment of row) target[columnIndex(columns, segment)]?.push(...segment.words);
  });
  return cells;
}

/** Finds the tables among rows of segments, top to bottom. */
export function alignedTables(rows: readonly Row[]): AlignedTable[] {
  const tables: AlignedTable[] = [];
  for (let from = 0; from < rows.length; from += 1) {
    const { length } = rows[from] ?? [];
    if (length < 2 || length > maxColumns) continue;
    const to = runFrom(rows, from);
    const run = rows.slice(from, to);
    const columns = columnsOf(run);
    if (!isTable(run, columns)) {
      // Part of a long run may yet be a table, but not every part of it is worth a look.
      from += Math.floor((to - from) / 8);
      continue;
    }
    tables.push({ from, to, rows: cellsOf(run, columns) });
    from = to - 1;
  }
  return tables;
}
