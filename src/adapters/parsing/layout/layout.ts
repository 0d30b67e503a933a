import { alignedTables } from './aligned-table.ts';
import { blocksOf, type DraftBlock } from './blocks.ts';
import { regionsOf } from './columns.ts';
import { type Box, unite } from './geometry.ts';
import { groupLines } from './grouping.ts';
import type { Placed } from './gutters.ts';
import { type Line, lineOf } from './line.ts';
import { renderTable } from './markdown.ts';
import type { PositionedPage, Word } from './page.ts';
import { type CellGrid, ruledTables } from './ruled-table.ts';
import { rowsOf, type Segment, segmentOf, segmentsOf } from './segment.ts';
import type { DocumentStyle } from './style.ts';
import { hasLeaders, joinLines, type Vocabulary, vocabularyOf } from './text.ts';

/** A segment of text, or a table that was found by its lines and takes its place whole. */
interface Piece extends Placed {
  segment: Segment | null;
  table: CellGrid | null;
}

const ofSegment = (segment: Segment): Piece => ({
  ...segment,
  text: segment.words.map((word) => word.text).join(' '),
  segment,
  table: null,
});

const ofTable = (table: CellGrid): Piece => ({
  ...table.box,
  baseline: table.box.top,
  size: 1,
  text: null,
  segment: null,
  table,
});

const wordsIn = (row: readonly Segment[]): Word[] => row.flatMap((segment) => segment.words);

/** The words of one cell as text; its lines are joined as those of a paragraph are. */
function cellText(words: readonly Word[], vocabulary: Vocabulary): string {
  const lines = rowsOf(segmentsOf(words)).map((row) => lineOf(wordsIn(row)).text);
  return joinLines(lines, vocabulary);
}

function tableBlock(rows: readonly (readonly (readonly Word[])[])[], vocabulary: Vocabulary): DraftBlock {
  const texts = rows.map((row) => row.map((cell) => cellText(cell, vocabulary)));
  return { type: 'table', markdown: renderTable(texts), words: rows.flat(2) };
}

/** Entries of a table of contents, and code, have gaps in their lines and are no tables. */
function isRunningText(row: readonly Segment[], style: DocumentStyle): boolean {
  const words = wordsIn(row);
  return (
    hasLeaders(words.map((word) => word.text).join(' ')) ||
    (!style.monospacedBody && words.every((word) => word.monospaced))
  );
}

/** The blocks of one column, without the tables found by their lines: those split it. */
function columnBlocks(
  segments: readonly Segment[],
  column: Box,
  style: DocumentStyle,
  vocabulary: Vocabulary,
): DraftBlock[] {
  const rows = rowsOf(segments).map((row) => (isRunningText(row, style) ? [segmentOf(wordsIn(row))] : row));
  const blocks: DraftBlock[] = [];
  let lines: Line[] = [];
  const finishLines = () => {
    blocks.push(...blocksOf(groupLines(lines, column, style), { column, style, vocabulary }));
    lines = [];
  };
  const tables = alignedTables(rows);
  for (let index = 0; index < rows.length; index += 1) {
    const table = tables.find((candidate) => candidate.from === index);
    if (table === undefined) lines.push(lineOf(wordsIn(rows[index] ?? []), (rows[index]?.length ?? 0) > 1));
    else {
      finishLines();
      blocks.push(tableBlock(table.rows, vocabulary));
      index = table.to - 1;
    }
  }
  finishLines();
  return blocks;
}

function regionBlocks(pieces: readonly Piece[], style: DocumentStyle, vocabulary: Vocabulary): DraftBlock[] {
  const column = unite(pieces);
  const blocks: DraftBlock[] = [];
  let segments: Segment[] = [];
  for (const piece of [...pieces].sort((a, b) => a.baseline - b.baseline)) {
    if (piece.segment !== null) segments.push(piece.segment);
    if (piece.table === null) continue;
    blocks.push(...columnBlocks(segments, column, style, vocabulary), tableBlock(piece.table.rows, vocabulary));
    segments = [];
  }
  return [...blocks, ...columnBlocks(segments, column, style, vocabulary)];
}

/** All lines of a page, as evidence of the style of its document; not in reading order. */
export const linesOfPage = (page: PositionedPage): Line[] =>
  segmentsOf(page.words).map((segment) => lineOf(segment.words));

/** A page of more words than a newspaper's is laid out in pieces, in the order of its source. */
const maxWords = 10_000;

function layOutPiece(
  words: readonly Word[],
  page: PositionedPage,
  style: DocumentStyle,
  known: Vocabulary,
): DraftBlock[] {
  const { tables, free } = ruledTables(page.rules, words);
  const segments = segmentsOf(free);
  const vocabulary = new Set([...known, ...vocabularyOf(segments.map((segment) => lineOf(segment.words).text))]);
  const pieces = [...segments.map(ofSegment), ...tables.map(ofTable)];
  const shown = page.aside ? { ...style, bodySize: Infinity } : style;
  return regionsOf(pieces).flatMap((region) => regionBlocks(region, shown, vocabulary));
}

/** Puts the words of a page into reading order and tells headings, paragraphs, lists and tables apart. */
export function layOut(page: PositionedPage, style: DocumentStyle, known: Vocabulary): DraftBlock[] {
  const blocks: DraftBlock[] = [];
  for (let from = 0; from < page.words.length; from += maxWords) {
    blocks.push(...layOutPiece(page.words.slice(from, from + maxWords), page, style, known));
  }
  return blocks.filter((block) => block.markdown.trim() !== '');
}
