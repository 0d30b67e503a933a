import type { OfficeContentNode } from 'officeparser';
import type { Block } from '../../../core/document.ts';
import { textBlock } from '../blocks.ts';
import { tablesOf } from '../markdown/table.ts';

/** A row that is not empty: its place in the sheet, and its text by column. */
interface Row {
  number: number;
  cells: ReadonlyMap<number, string>;
}

/**
 * A sheet as tables. An empty row ends a table where what follows begins like a head, without numbers; rows above a
 * table that fill one cell are its title. Columns in which nothing stands are left out.
 */
export function blocksOfSheet(sheet: OfficeContentNode): Block[] {
  return regionsOf(readRows(sheet)).flatMap(blocksOfRegion);
}

function readRows(sheet: OfficeContentNode): Row[] {
  const rows: Row[] = [];
  for (const { children = [] } of sheet.children ?? []) {
    const cells = new Map<number, string>();
    let number = 0;
    for (const cell of children) {
      const text = cell.text?.trim() ?? '';
      if (cell.type !== 'cell' || cell.metadata === undefined || text === '') continue;
      number = cell.metadata.row;
      cells.set(cell.metadata.col, text);
    }
    if (cells.size > 0) rows.push({ number, cells });
  }
  return rows;
}

function regionsOf(rows: readonly Row[]): Row[][] {
  const regions: Row[][] = [];
  let previous: Row | undefined;
  for (const row of rows) {
    const afterGap = previous === undefined || row.number > previous.number + 1;
    if (regions.length === 0 || (afterGap && beginsLikeHead(row))) regions.push([]);
    regions.at(-1)?.push(row);
    previous = row;
  }
  return regions;
}

function beginsLikeHead({ cells }: Row): boolean {
  return [...cells.values()].every((text) => /\p{L}/u.test(text));
}

function blocksOfRegion(region: readonly Row[]): Block[] {
  const isTable = region.length > 1;
  const isWide = region.some(({ cells }) => cells.size > 1);
  const titled = isWide ? region.findIndex(({ cells }) => cells.size > 1) : 0;
  const titles = isTable || isWide ? region.slice(0, titled) : region;
  const [head = [], ...rows] = alignedCells(region.slice(titles.length));
  // A single row is a table too, under a head that says nothing.
  const tables =
    rows.length > 0
      ? tablesOf(head, rows)
      : tablesOf(
          head.map(() => ''),
          [head],
        );
  return [
    ...titles.flatMap(({ cells }) => [...cells.values()].map((text) => textBlock('paragraph', text))),
    ...tables.map((table) => textBlock('table', table)),
  ];
}

/** The texts of each row under the columns that any of them uses. */
function alignedCells(rows: readonly Row[]): string[][] {
  const used = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))].sort((left, right) => left - right);
  return rows.map(({ cells }) => {
    const texts = used.map((column) => cells.get(column) ?? '');
    return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
  });
}
