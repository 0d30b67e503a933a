import { median } from './geometry.ts';
import type { Word } from './page.ts';
import type { Segment } from './segment.ts';
import {
  alignedShare,
  type Column,
  columnIndex,
  columnsOf,
  columnsUnder,
  crosses,
  type Row,
  sharedEdges,
} from './table-columns.ts';

/** A table without lines: rows of segments that stand under each other. */
export interface AlignedTable {
  /** First row and the row after the last, in the rows that were searched. */
  from: number;
  to: number;
  /** The words of each cell, row by row. */
  rows: Word[][][];
}

/** Ems. Rows whose every cell stands under a cell above may be further apart than others. */
const widestRowGap = 3.2;
const widestAlignedGap = 5;
/** Lone rows that may follow each other within a table. */
const maxLoneRows = 2;
/** No table has more columns than this. */
const maxColumns = 40;
/** A row is compared with this many above it. */
const comparedRows = 40;
/** Share of cells that must stand on a common left edge, right edge or middle. */
const minAligned = 0.6;
/** A line of its own in letters so much larger heads what follows. */
const headingSize = 1.12;
/** Ems from a line to the next one of the same cell, and share of the distance between rows. */
const wrapPitch = 1.45;
const wrapShare = 0.8;

const baselineOf = (row: Row): number => row[0]?.baseline ?? 0;
const sizeOf = (row: Row): number => Math.max(...row.map((segment) => segment.size));

/** A lone segment is a cell when it stands under two others of its column, or under the only one. */
function isLoneCell(segment: Segment, run: readonly Row[]): boolean {
  if (crosses(segment, columnsOf(run)) || sharedEdges(segment, run) < Math.min(2, run.length)) return false;
  return segment.size <= headingSize * median(run.flat().map((other) => other.size));
}

/** Whether a row may go on with the table that the rows before it could be. */
function continuesRun(row: Row, run: readonly Row[]): boolean {
  const above = run.at(-1) ?? [];
  const gap = (baselineOf(row) - baselineOf(above)) / Math.max(sizeOf(row), sizeOf(above));
  if (gap > widestAlignedGap || row.length > maxColumns) return false;
  if (gap > widestRowGap && !row.every((segment) => sharedEdges(segment, run) > 0)) return false;
  const [first, second] = row;
  return first === undefined || second !== undefined || isLoneCell(first, run);
}

/** The end of the rows that could be one table: close to each other, several segments in most of them. */
function runFrom(rows: readonly Row[], from: number): number {
  let end = from + 1;
  for (let next = end; next < rows.length && next - end < maxLoneRows; next += 1) {
    const row = rows[next] ?? [];
    if (!continuesRun(row, rows.slice(Math.max(from, next - comparedRows), next))) break;
    if (row.length > 1) end = next + 1;
  }
  return end;
}

function isTable(rows: readonly Row[], columns: readonly Column[]): boolean {
  if (columns.length < 2 || columns.length > maxColumns) return false;
  const placed = columns.map((): Segment[] => []);
  for (const segment of rows.flat()) {
    const [index, other] = columnsUnder(segment, columns);
    if (index !== undefined && other === undefined) placed[index]?.push(segment);
  }
  if (placed.some((segments) => segments.length === 0)) return false;
  const tabular = rows.filter((row) => row.length > 1).length;
  const shared = placed.filter((segments) => segments.length > 1).length;
  if (tabular < (columns.length > 2 ? 2 : 3) || shared < (tabular > 2 ? 2 : 3)) return false;
  const total = placed.flat().length;
  const aligned = placed.reduce((sum, segments) => sum + alignedShare(segments) * segments.length, 0);
  return aligned >= minAligned * total;
}

/** Whether a row only goes on with the text of cells above it, because they were wrapped. */
function isWrapped(row: Row, above: Row, columns: readonly Column[], pitch: number): boolean {
  const gap = baselineOf(row) - baselineOf(above);
  if (gap > wrapPitch * sizeOf(row) || gap > wrapShare * pitch || row.length >= above.length) return false;
  const filled = new Set(above.map((segment) => columnIndex(columns, segment)));
  return row.every((segment) => filled.has(columnIndex(columns, segment)));
}

function cellsOf(rows: readonly Row[], columns: readonly Column[]): Word[][][] {
  const pitches = rows.slice(1).map((row, index) => baselineOf(row) - baselineOf(rows[index] ?? row));
  const pitch = Math.max(...pitches.filter((value) => value <= 1.6 * median(pitches)), 0);
  const cells: Word[][][] = [];
  rows.forEach((row, index) => {
    const wrapped = isWrapped(row, rows[index - 1] ?? [], columns, pitch);
    const target = (wrapped ? cells.at(-1) : undefined) ?? columns.map((): Word[] => []);
    if (!wrapped) cells.push(target);
    for (const segment of row) target[columnIndex(columns, segment)]?.push(...segment.words);
  });
  return cells;
}

/** Finds the tables among rows of segments, top to bottom. */
export function alignedTables(rows: readonly Row[]): AlignedTable[] {
  const tables: AlignedTable[] = [];
  let from = 0;
  while (from < rows.length) {
    const { length } = rows[from] ?? [];
    const to = length < 2 || length > maxColumns ? from + 1 : runFrom(rows, from);
    const run = rows.slice(from, to);
    const columns = columnsOf(run);
    if (isTable(run, columns)) {
      tables.push({ from, to, rows: cellsOf(run, columns) });
      from = to;
      // Part of a long run may yet be a table, but not every part of it is worth a look.
    } else from += 1 + Math.floor((to - from) / 8);
  }
  return tables;
}
