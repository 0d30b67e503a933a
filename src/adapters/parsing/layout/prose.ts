import { unite, widthOf } from './geometry.ts';
import type { Placed } from './gutters.ts';
import { rowsOf } from './segment.ts';

/** Characters: a line of a table is seldom longer within one column. */
const proseLength = 24;
/** Share of the width of a column that a line of prose fills, unless it is the last of its paragraph. */
const fullLine = 0.55;
const minLines = 3;

const charactersOf = (items: readonly Placed[]): number =>
  items.reduce((sum, item) => sum + (item.text?.length ?? 0), 0);

const isFull = (line: Placed, width: number): boolean =>
  widthOf(line) > fullLine * width && (line.text?.length ?? 0) > proseLength;

/** Half of the lines go on in small letters where the line before did not end a sentence. */
function runsOn(lines: readonly string[]): boolean {
  const words = lines.reduce((sum, line) => sum + line.split(' ').length, 0);
  const pairs = lines.slice(1).filter((line, index) => /^\p{Ll}/u.test(line) && !/[.:;!?]$/.test(lines[index] ?? ''));
  return words >= 3 * lines.length && pairs.length >= 0.5 * (lines.length - 1);
}

/** Most of what it says stands in lines that fill the column, or in sentences that run on from line to line. */
export function isProse(side: readonly Placed[]): boolean {
  const rows = rowsOf(side.filter((item) => item.text !== null));
  const lines = rows.flatMap((row) => (row.length === 1 && row[0] !== undefined ? [row[0]] : []));
  if (lines.length < minLines) return false;
  const width = widthOf(unite(side));
  const full = lines.filter((line) => isFull(line, width));
  if (full.length >= minLines && charactersOf(full) >= 0.6 * charactersOf(side)) return true;
  return lines.length >= 0.75 * rows.length && runsOn(lines.map((line) => line.text ?? ''));
}

/** The few lines with which a text ends at the top of a column, beside one that is full. */
export function isEndOfProse(side: readonly Placed[], beside: readonly Placed[]): boolean {
  const rows = rowsOf(side);
  const [first] = side.toSorted((a, b) => a.top - b.top);
  if (first === undefined || rows.length >= minLines || !isProse(beside)) return false;
  const column = unite(beside);
  const atTop = Math.abs(first.top - column.top) < 1.5 * first.size;
  return atTop && rows.every((row) => row.length === 1) && isFull(first, widthOf(column));
}
