import { parse } from 'csv-parse/sync';

export interface CsvDialect {
  delimiter: string;
  /** Whether the lines agree on a number of columns above 1, which prose does not. */
  regular: boolean;
}

const delimiters = [',', ';', '\t', '|'];
const sampledRows = 50;
const sampledCharacters = 64 * 1024;
/** The first line by which Excel is told the delimiter. */
const declaration = /^sep=(.)\r?\n/;

/** The delimiter under which most rows of `head`, the start of a file, have one and the same number of columns. */
export function detectDialect(head: string): CsvDialect {
  const declared = declaration.exec(head)?.[1];
  if (declared !== undefined) return { delimiter: declared, regular: true };
  const sample = head.slice(0, sampledCharacters);
  const scored = delimiters.map((delimiter) => ({ delimiter, ...agreement(readRows(sample, delimiter, sampledRows)) }));
  const best = scored.reduce((left, right) => (score(right) > score(left) ? right : left));
  return { delimiter: best.delimiter, regular: best.columns > 1 && best.share === 1 && best.rows >= 3 };
}

/** Records as they stand; a quote that is never closed turns quoting off, so that nothing is swallowed. */
export function readRows(text: string, delimiter: string, maxRows?: number): string[][] {
  const options = {
    delimiter,
    bom: true,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    ...(maxRows === undefined ? {} : { to: maxRows }),
  };
  const withoutDeclaration = text.replace(declaration, '');
  try {
    return parse(withoutDeclaration, options);
  } catch {
    return parse(withoutDeclaration, { ...options, quote: null });
  }
}

interface Agreement {
  columns: number;
  share: number;
  rows: number;
}

function agreement(rows: readonly string[][]): Agreement {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [columns, agreeing] = [...counts].reduce((left, right) => (right[1] > left[1] ? right : left), [0, 0]);
  return { columns, share: rows.length === 0 ? 0 : agreeing / rows.length, rows: rows.length };
}

/** One column is no evidence at all; among the others agreement counts more than width. */
function score({ columns, share }: Agreement): number {
  return columns > 1 ? share + columns / 1_000 : 0;
}
