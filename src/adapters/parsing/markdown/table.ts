/** Characters of one table block, about; a longer table becomes several, each with the head. */
const tableCharacters = 8_000;
/** A repeated head may cost this share of a table. */
const headShare = 0.25;

/** Text of a cell such that it cannot end its cell or row. */
function tableCell(text: string): string {
  return withBreaks(text.trim()).replaceAll('|', '\\|');
}

/** Lines as one, in the way that a cell of a table can hold them. */
export function withBreaks(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join('<br>');
}

/**
 * Rows of plain text as GFM tables of bounded length, each under the same head. Rows without text are left out, short
 * rows stay short, and where a row is longer than the head the table has columns without a name.
 */
export function tablesOf(head: readonly string[], rows: Iterable<readonly string[]>): string[] {
  const maxCharacters = Math.max(tableCharacters, head.join('').length / headShare);
  const tables: string[] = [];
  let lines: string[] = [];
  let columns = head.length;
  let characters = 0;
  const close = () => {
    if (lines.length > 0) tables.push([line(padded(head, columns)), rule(columns), ...lines].join('\n'));
    lines = [];
    columns = head.length;
    characters = 0;
  };
  for (const cells of rows) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (cells.length > columns) {
      close();
      columns = cells.length;
    }
    const text = line(cells);
    lines.push(text);
    characters += text.length;
    if (characters >= maxCharacters) close();
  }
  close();
  return tables;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(tableCell).join(' | ')} |`;
}

function rule(columns: number): string {
  return `|${' --- |'.repeat(columns)}`;
}

function padded(cells: readonly string[], columns: number): string[] {
  return [...cells, ...Array<string>(columns - cells.length).fill('')];
}
