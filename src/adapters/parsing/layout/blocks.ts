import type { BlockType } from '../../../core/document.ts';
import { type Box, median } from './geometry.ts';
import type { Line } from './line.ts';
import { type Marker, markerOf } from './list-marker.ts';
import { escapeInline, escapeLine, renderCode, separatorLine } from './markdown.ts';
import type { Word } from './page.ts';
import { type DocumentStyle, levelOfBold, levelOfSize } from './style.ts';
import type { Vocabulary } from './text.ts';
import { isContents, isProse, unwrap } from './wrapping.ts';

/** A block before it is known how its text was obtained. */
export interface DraftBlock {
  type: BlockType;
  markdown: string;
  words: readonly Word[];
}

export interface FlowContext {
  column: Pick<Box, 'left' | 'right'>;
  style: DocumentStyle;
  vocabulary: Vocabulary;
}

const maxHeadingLines = 3;
const maxHeadingLength = 200;
const maxBoldHeadingLength = 100;

const wordsOf = (lines: readonly Line[]): Word[] => lines.flatMap((line) => line.words);

/** Mostly letters, as titles are: no amounts, codes or rows of dots. */
function isWordy(text: string): boolean {
  const solid = text.replaceAll(/\s/g, '');
  return (solid.match(/\p{L}/gu)?.length ?? 0) >= 0.6 * solid.length;
}

function headingLevel(lines: readonly Line[], texts: readonly string[], style: DocumentStyle): number | null {
  const text = texts.join(' ');
  if (lines.length > maxHeadingLines || text.length > maxHeadingLength || !/\p{L}/u.test(text)) return null;
  if (isContents(text) || lines.some((line) => line.gapped)) return null;
  if (markerOf(text)?.number === null) return null;
  const size = median(lines.map((line) => line.size));
  const bold = lines.every((line) => line.bold) && !style.boldBody;
  const level = levelOfSize(style, size);
  if (level !== null) {
    if (size < style.bodySize * 1.5 && !isWordy(text)) return null;
    const plain = !bold && size < style.bodySize * 1.3;
    if (plain && (texts.length > 1 || /[.,;]$/.test(text))) return null;
    return texts.length > 2 ? null : level;
  }
  if (!bold || lines.length > 2 || texts.length > 1 || text.length > maxBoldHeadingLength) return null;
  return isWordy(text) && !/[.,;]$/.test(text) && size > style.bodySize * 0.85 ? levelOfBold(style) : null;
}

/** Monospaced lines as they stand, indented by the width of their characters. */
function codeOf(lines: readonly Line[]): string {
  const left = Math.min(...lines.map((line) => line.left));
  const width = median(wordsOf(lines).map((word) => (word.right - word.left) / Math.max(1, word.text.length)));
  const column = (x: number) => Math.max(0, Math.round((x - left) / Math.max(0.1, width)));
  return renderCode(
    lines.map((line) =>
      line.words.reduce(
        (text, word) =>
          `${text}${' '.repeat(Math.max(text === '' ? 0 : 1, column(word.left) - text.length))}${word.text}`,
        '',
      ),
    ),
  );
}

interface Item {
  marker: Marker;
  left: number;
  text: string;
  lines: readonly Line[];
}

/** Bullets after numbers at the same place, or numbers after bullets, are another list. */
function beginsList(marker: Marker, line: Line | undefined, first: Item | undefined): boolean {
  if (line === undefined || first === undefined || Math.abs(line.left - first.left) > 0.5 * line.size) return false;
  return (marker.number === null) !== (first.marker.number === null);
}

function renderList(items: readonly Item[]): string {
  const lefts: number[] = [];
  return items
    .map(({ marker, left, text, lines }) => {
      const em = lines[0]?.size ?? 1;
      while (lefts.length > 0 && (lefts.at(-1) ?? 0) > left + 0.5 * em) lefts.pop();
      if (lefts.length === 0 || left > (lefts.at(-1) ?? 0) + 0.5 * em) lefts.push(left);
      return `${'    '.repeat(lefts.length - 1)}${marker.mark} ${text}`;
    })
    .join('\n');
}

/** Turns groups of lines into blocks; neighbouring list items become one list. */
export function blocksOf(groups: readonly (readonly Line[])[], context: FlowContext): DraftBlock[] {
  const { column, style, vocabulary } = context;
  const blocks: DraftBlock[] = [];
  let items: Item[] = [];
  const finishList = () => {
    if (items.length > 0) {
      blocks.push({ type: 'list', markdown: renderList(items), words: items.flatMap((item) => wordsOf(item.lines)) });
    }
    items = [];
  };
  for (const lines of groups) {
    const words = wordsOf(lines);
    const texts = unwrap(lines, column, vocabulary);
    const level = headingLevel(lines, texts, style);
    const code = lines.every((line) => line.monospaced) && !style.monospacedBody;
    const marker = level === null && !code ? markerOf(texts[0] ?? '') : null;
    if (marker !== null) {
      if (beginsList(marker, lines[0], items[0])) finishList();
      const text = escapeInline(texts.join(' ').slice(marker.textStart));
      items.push({ marker, left: lines[0]?.left ?? 0, text, lines });
      continue;
    }
    finishList();
    if (level !== null) {
      blocks.push({ type: 'heading', markdown: `${'#'.repeat(level)} ${escapeInline(texts.join(' '))}`, words });
    } else if (code) {
      blocks.push({ type: 'code', markdown: codeOf(lines), words });
    } else if (isProse(lines)) {
      for (const text of texts) blocks.push({ type: 'paragraph', markdown: escapeLine(text), words });
    } else {
      const markdown = texts.map((text) => (separatorLine.test(text) ? text : escapeLine(text))).join('\n');
      blocks.push({ type: 'paragraph', markdown, words });
    }
  }
  finishList();
  return blocks;
}
