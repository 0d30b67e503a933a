import { area, type Box, centreX, centreY, overlap, unite } from './geometry.ts';
import type { Rule, Word } from './page.ts';
import { rowsOf, segmentsOf } from './segment.ts';

/** A table whose cells are drawn: the words of each cell, row by row. A merged cell stands in its first place. */
export interface CellGrid {
  box: Box;
  rows: Word[][][];
}

/** Page units (points; images are scaled to them): how far apart lines that meet may be drawn. */
const reach = 3;
/** A page with more lines than this is a drawing. */
const maxRules = 6_000;
const maxCells = 20_000;

function merge(values: number[]): number[] {
  const merged: number[] = [];
  for (const value of values.sort((a, b) => a - b)) {
    if (merged.length === 0 || value - (merged.at(-1) ?? 0) > reach) merged.push(value);
  }
  return merged;
}

const touch = (a: Rule, b: Rule): boolean =>
  overlap(a.left, a.right, b.left, b.right) > -reach && overlap(a.top, a.bottom, b.top, b.bottom) > -reach;

/** Rules that touch each other, directly or through others. */
function connected(rules: readonly Rule[]): Rule[][] {
  const sorted = [...rules].sort((a, b) => a.top - b.top);
  const group = sorted.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (group[root] !== root) root = group[root] ?? root;
    group[index] = root;
    return root;
  };
  sorted.forEach((rule, index) => {
    for (let next = index + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (other === undefined || other.top > rule.bottom + reach) break;
      if (touch(rule, other)) group[rootOf(next)] = rootOf(index);
    }
  });
  return [...Map.groupBy(sorted.keys(), rootOf).values()].map((members) =>
    members.flatMap((index) => sorted[index] ?? []),
  );
}

/** Where lines of one direction run, with the edges of the whole where the other direction goes beyond them. */
function positions(lines: number[], from: number, to: number): number[] {
  const open = reach * 3;
  const first = Math.min(...lines);
  const last = Math.max(...lines);
  return merge([...lines, ...(first - from > open ? [from] : []), ...(to - last > open ? [to] : [])]);
}

const indexOf = (edges: readonly number[], at: number): number => edges.findLastIndex((edge) => edge <= at);

class Grid {
  readonly box: Box;
  /** The lines that run along each of `#xs` and of `#ys`. */
  readonly #down: readonly (readonly Rule[])[];
  readonly #across: readonly (readonly Rule[])[];
  readonly #xs: readonly number[];
  readonly #ys: readonly number[];

  constructor(rules: readonly Rule[]) {
    this.box = unite(rules);
    const across = rules.filter((rule) => rule.horizontal);
    const down = rules.filter((rule) => !rule.horizontal);
    this.#xs = positions(down.map(centreX), this.box.left, this.box.right);
    this.#ys = positions(across.map(centreY), this.box.top, this.box.bottom);
    this.#down = this.#xs.map((x) => down.filter((rule) => Math.abs(centreX(rule) - x) <= reach));
    this.#across = this.#ys.map((y) => across.filter((rule) => Math.abs(centreY(rule) - y) <= reach));
  }

  get rowCount(): number {
    return this.#ys.length - 1;
  }

  get columnCount(): number {
    return this.#xs.length - 1;
  }

  #middle(edges: readonly number[], index: number): number {
    return ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2;
  }

  /** Whether a line is drawn between a cell and its left neighbour. */
  #closedLeft(row: number, column: number): boolean {
    const y = this.#middle(this.#ys, row);
    return this.#down[column]?.some((rule) => rule.top <= y && rule.bottom >= y) ?? false;
  }

  #closedAbove(row: number, column: number): boolean {
    const x = this.#middle(this.#xs, column);
    return this.#across[row]?.some((rule) => rule.left <= x && rule.right >= x) ?? false;
  }

  /** The words of each cell. Cells without a line between them are one; its words stand in the first. */
  fill(words: readonly Word[]): Word[][][] {
    const cells: Word[][][] = Array.from({ length: this.rowCount }, () =>
      Array.from({ length: this.columnCount }, () => []),
    );
    for (const word of words) {
      let row = indexOf(this.#ys, word.baseline - 0.3 * word.size);
      let column = indexOf(this.#xs, centreX(word));
      if (row < 0 || column < 0 || row >= this.rowCount || column >= this.columnCount) continue;
      while (column > 0 && !this.#closedLeft(row, column)) column -= 1;
      while (row > 0 && !this.#closedAbove(row, column)) row -= 1;
      cells[row]?.[column]?.push(word);
    }
    return cells;
  }
}

/** A frame around text that has columns of its own is no table cell. */
const holdsColumns = (cell: readonly Word[]): boolean =>
  rowsOf(segmentsOf(cell)).filter((row) => row.length > 1).length > 2;

function dropEmpty(rows: Word[][][]): Word[][][] {
  const kept = rows.filter((row) => row.some((cell) => cell.length > 0));
  const used = (kept[0] ?? []).map((_, column) => kept.some((row) => (row[column]?.length ?? 0) > 0));
  return kept.map((row) => row.filter((_, column) => used[column]));
}

function gridsOf(rules: readonly Rule[]): Grid[] {
  if (rules.length > maxRules) return [];
  return connected(rules)
    .filter((group) => group.some((rule) => rule.horizontal) && group.some((rule) => !rule.horizontal))
    .map((group) => new Grid(group))
    .filter((grid) => grid.rowCount * grid.columnCount <= maxCells);
}

function isTable(rows: readonly (readonly (readonly Word[])[])[]): boolean {
  const filled = rows.flat().filter((cell) => cell.length > 0).length;
  return rows.length >= 2 && (rows[0]?.length ?? 0) >= 2 && filled >= 4 && !rows.flat().some(holdsColumns);
}

/**
 * The tables that are drawn on a page, and the words that are in none of them. A rule of lines is enough; the cells
 * need not all be filled. What is drawn inside a cell of a table is text of that cell.
 */
export function ruledTables(
  rules: readonly Rule[],
  words: readonly Word[],
): { tables: CellGrid[]; free: readonly Word[] } {
  const tables: CellGrid[] = [];
  let free = words;
  for (const grid of gridsOf(rules).sort((a, b) => area(b.box) - area(a.box))) {
    const rows = dropEmpty(grid.fill(free));
    if (!isTable(rows)) continue;
    tables.push({ box: grid.box, rows });
    const taken = new Set(rows.flat(2));
    free = free.filter((word) => !taken.has(word));
  }
  return { tables, free };
}
