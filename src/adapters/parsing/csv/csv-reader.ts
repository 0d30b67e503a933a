import type { Block } from '../../../core/document.ts';
import { GatewayError } from '../../../core/errors.ts';
import { normalizeText, textBlock } from '../blocks.ts';
import type { FormatReader } from '../format.ts';
import type { ParsingLimits } from '../limits.ts';
import { tablesOf } from '../markdown/table.ts';
import { readStart } from '../text/encoding.ts';
import { type CutRule, countSlices, slicedParts } from '../text/slices.ts';
import { detectDialect, readRows } from './dialect.ts';

/** As many as a spreadsheet has. */
const maxColumns = 16_384;

/** Rows as GFM tables under the first row of the file, some thousand characters a block, read as a stream. */
export const csvReader: FormatReader = {
  async inspect(path, limits) {
    const { delimiter } = detectDialect(await readStart(path, limits.partBytes));
    return await countSlices(path, limits, recordCut(delimiter, limits));
  },
  async *extract(path, range, _options, limits) {
    const start = await readStart(path, limits.partBytes);
    const { delimiter } = detectDialect(start);
    const [head = []] = readRows(start, delimiter, 1);
    const cut = { path, limits, rule: recordCut(delimiter, limits) };
    yield* slicedParts(cut, range, (slice, number) => tableBlocks(slice, delimiter, head, number === 1));
  },
};

function tableBlocks(slice: string, delimiter: string, head: readonly string[], first: boolean): Block[] {
  const rows = readRows(normalizeText(slice), delimiter);
  const widest = rows.reduce((columns, row) => Math.max(columns, row.length), head.length);
  if (widest > maxColumns) {
    throw new GatewayError(
      'unprocessable_document',
      `The CSV file has a row of ${widest} columns; at most ${maxColumns} are read.`,
    );
  }
  const body = first ? rows.slice(1) : rows;
  // A file of one row is a table of one row, not a head without a table.
  const tables =
    first && body.length === 0
      ? tablesOf(
          head.map(() => ''),
          [head],
        )
      : tablesOf(head, body);
  return tables.map((table) => textBlock('table', table));
}

/** Cuts between records: at line ends that no quotes enclose. */
export function recordCut(delimiter: string, { partBytes }: ParsingLimits): CutRule {
  return {
    find: (text) => endOfLastRecord(text, delimiter),
    force(text) {
      const line = text.lastIndexOf('\n') + 1;
      if (line > 0) return line;
      throw new GatewayError(
        'unprocessable_document',
        `The CSV file has a row longer than ${partBytes} bytes; rows end with a line break.`,
      );
    },
  };
}

function endOfLastRecord(text: string, delimiter: string): number {
  let end = 0;
  let quoted = false;
  let fieldStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) quoted = character !== '"';
    else if (character === '"') quoted = fieldStart || text[at - 1] === '"';
    else if (character === '\n') end = at + 1;
    fieldStart = character === delimiter || character === '\n';
  }
  return end;
}
