import type TurndownService from 'turndown';
import { withBreaks } from '../markdown/table.ts';
import type { HtmlElement } from './dom.ts';

/** HTML's own bound. */
const maxColumns = 1_000;

interface Cell {
  markdown: string;
  columns: number;
  rows: number;
}

/**
 * Tables as GFM, with or without a head row of their own (the first row is the head). A cell that spans rows is
 * repeated in each, so that a row says all it says; a cell that spans columns is followed by empty ones. A table of one
 * column, or one that holds others and has no head cells, is there for the layout: its cells become blocks. A table
 * within a table of data becomes lines of its cell.
 */
export function addTableRules(service: TurndownService): void {
  // Turndown renders from the leaves up: a cell's text is ready before its table asks for it.
  const rendered = new WeakMap<HtmlElement, string>();
  const dataTables = new WeakMap<HtmlElement, boolean>();

  const hasHead = (table: HtmlElement) => {
    const known =
      dataTables.get(table) ?? [...table.querySelectorAll('th')].some((cell) => cell.closest('table') === table);
    dataTables.set(table, known);
    return known;
  };

  service.addRule('cell', {
    filter: ['td', 'th'],
    replacement(content, cell: HtmlElement) {
      rendered.set(cell, content.trim());
      return '';
    },
  });
  service.addRule('table', {
    filter: 'table',
    replacement(caption, table: HtmlElement) {
      const rows = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
      const grid = rows.map((row) => [...row.children].map((cell) => readCell(cell, rendered.get(cell) ?? '')));
      const outer = table.parentElement?.closest('table');
      const isLayout =
        grid.every((cells) => cells.length <= 1) || (table.querySelector('table') !== null && !hasHead(table));
      const body = outer && hasHead(outer) ? asLines(grid) : isLayout ? asBlocks(grid) : asTable(spread(grid));
      return `\n\n${caption.trim()}\n\n${body}\n\n`;
    },
  });
}

function readCell(cell: HtmlElement, markdown: string): Cell {
  return { markdown, columns: span(cell, 'colspan'), rows: span(cell, 'rowspan') };
}

function span(cell: HtmlElement, attribute: string): number {
  const number = Number.parseInt(cell.getAttribute(attribute) ?? '1', 10);
  return Number.isNaN(number) || number < 1 ? 1 : Math.min(number, maxColumns);
}

function asLines(grid: readonly Cell[][]): string {
  return grid.map((cells) => cells.map(({ markdown }) => markdown).join(' ')).join('\n');
}

function asBlocks(grid: readonly Cell[][]): string {
  return grid
    .flat()
    .map(({ markdown }) => markdown)
    .filter((markdown) => markdown !== '')
    .join('\n\n');
}

/** The rows with every spanned place filled. */
function spread(grid: readonly Cell[][]): string[][] {
  /** By column: what a cell further up still says, and for how many rows. */
  const hanging: { markdown: string; rows: number }[] = [];
  return grid.map((cells) => {
    const row: string[] = [];
    const fillHanging = () => {
      for (let above = hanging[row.length]; above && above.rows > 0; above = hanging[row.length]) {
        above.rows -= 1;
        row.push(above.markdown);
      }
    };
    fillHanging();
    for (const { markdown, columns, rows } of cells) {
      for (let index = 0; index < columns && row.length < maxColumns; index += 1) {
        const text = index === 0 ? markdown : '';
        hanging[row.length] = { markdown: text, rows: rows - 1 };
        row.push(text);
      }
      fillHanging();
    }
    return row;
  });
}

/** Rows and columns in which nothing stands are left out. */
function asTable(rows: readonly string[][]): string {
  const filled = rows.filter((row) => row.some((cell) => cell !== ''));
  const columns = filled.reduce((widest, row) => Math.max(widest, row.length), 0);
  const used = [...Array(columns).keys()].filter((column) => filled.some((row) => (row[column] ?? '') !== ''));
  const [head, ...body] = filled.map((row) => `| ${used.map((column) => oneLine(row[column] ?? '')).join(' | ')} |`);
  return head === undefined ? '' : [head, `|${' --- |'.repeat(used.length)}`, ...body].join('\n');
}

/** Markdown of a cell on one line; a pipe ends a cell even within a code span. */
function oneLine(markdown: string): string {
  return withBreaks(markdown).replaceAll(/\\?\|/g, '\\|');
}
