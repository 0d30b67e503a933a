import type { Line, Page } from 'tesseract.js';
import { median } from '../layout/geometry.ts';
import type { Word } from '../layout/page.ts';

/** Shares of the em. */
const capitalHeight = 0.72;
const ascent = 0.75;
const descent = 0.23;
/** Share of the height of a row, as the engine measures it, that is the height of its capitals. */
const capitalsOfRow = 0.78;
/** Sizes nearer to each other than this are one size: measured from pixels they scatter. */
const sameSize = 0.12;

/** Percent. A doubtful word is kept in a line that is readable; elsewhere it is a speck that was read as letters. */
const minLineConfidence = 50;
const minWordConfidence = 40;

const isTall = /[A-Zbdfhklt0-9]/;

function baselineAt({ baseline }: Line, x: number): number {
  const { x0, y0, x1, y1 } = baseline;
  return x1 === x0 ? y0 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

const middle = ({ bbox }: { bbox: { x0: number; x1: number } }): number => (bbox.x0 + bbox.x1) / 2;

/** Either measure of the height of capitals errs upwards, by specks above the line or by neighbouring rows. */
function sizeOf(line: Line): number {
  const row = line.rowAttributes.rowHeight * capitalsOfRow;
  const tall = line.words.filter((word) => isTall.test(word.text));
  const measured = median(tall.map((word) => baselineAt(line, middle(word)) - word.bbox.y0));
  return Math.max(1, (tall.length === 0 ? row : Math.min(row, measured)) / capitalHeight);
}

/** Gives words whose sizes differ by little the size of most of them. */
function snapSizes(words: readonly Word[]): Word[] {
  const weights = new Map<number, number>();
  for (const { size, text } of words) weights.set(size, (weights.get(size) ?? 0) + text.length);
  const near = (a: number, b: number) => Math.abs(a - b) <= sameSize * b;
  const support = (size: number) =>
    [...weights].reduce((sum, [other, weight]) => (near(other, size) ? sum + weight : sum), 0);
  const sizes: number[] = [];
  for (const [size] of [...weights].map(([size]) => [size, support(size)] as const).sort((a, b) => b[1] - a[1])) {
    if (!sizes.some((known) => near(size, known))) sizes.push(size);
  }
  return words.map((word) => ({ ...word, size: sizes.find((size) => near(word.size, size)) ?? word.size }));
}

function wordsOfLine(line: Line, from: number): Word[] {
  const size = sizeOf(line);
  const readable = line.confidence >= minLineConfidence;
  return line.words.flatMap((word, index) => {
    const text = word.text.trim();
    if (text === '' || !(readable || word.confidence >= minWordConfidence)) return [];
    const baseline = baselineAt(line, middle(word));
    return {
      text,
      left: word.bbox.x0,
      right: word.bbox.x1,
      top: baseline - ascent * size,
      bottom: baseline + descent * size,
      baseline,
      size,
      bold: false,
      monospaced: false,
      confidence: word.confidence / 100,
      order: from + index,
    };
  });
}

/** The words that were recognised, where they stand, with the size of their line. */
export function wordsOf(page: Page): Word[] {
  const lines = page.blocks?.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines)) ?? [];
  const words: Word[] = [];
  for (const line of lines) words.push(...wordsOfLine(line, words.length));
  return snapSizes(words);
}
