import type { Bbox, Line, Page } from 'tesseract.js';
import { median } from '../layout/geometry.ts';
import type { PositionedPage, Word } from '../layout/page.ts';
import type { GreyImage } from './grey-image.ts';

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

const middle = ({ bbox }: { bbox: Bbox }): number => (bbox.x0 + bbox.x1) / 2;

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
  for (const [size] of [...weights.keys()].map((size) => [size, support(size)] as const).sort((a, b) => b[1] - a[1])) {
    if (!sizes.some((known) => near(size, known))) sizes.push(size);
  }
  return words.map((word) => ({ ...word, size: sizes.find((size) => near(word.size, size)) ?? word.size }));
}

type Place = Pick<Word, 'left' | 'right' | 'baseline' | 'size'>;

function wordsOfLine(line: Line, order: number, place: (box: Bbox) => Place): Word[] {
  const readable = line.confidence >= minLineConfidence;
  return line.words.flatMap((word, index) => {
    const text = word.text.trim();
    if (text === '' || !(readable || word.confidence >= minWordConfidence)) return [];
    const { left, right, baseline, size } = place(word.bbox);
    const [top, bottom] = [baseline - ascent * size, baseline + descent * size];
    const confidence = word.confidence / 100;
    const style = { bold: false, monospaced: false, confidence, order: order + index };
    return { text, left, right, top, bottom, baseline, size, ...style };
  });
}

/** Lines that run up the page, as a stamp at its edge does. */
const isUpright = ({ bbox, words }: Line): boolean =>
  words.some((word) => word.text.trim().length > 3) && bbox.y1 - bbox.y0 > 2 * (bbox.x1 - bbox.x0);

/** What was recognised, where it stands; text that runs up the page as a page of its own. */
export function pagesOf(page: Page, { width, height }: Pick<GreyImage, 'width' | 'height'>): PositionedPage[] {
  const lines = page.blocks?.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines)) ?? [];
  const main: Word[] = [];
  const aside: Word[] = [];
  for (const line of lines) {
    if (isUpright(line)) {
      const size = (line.bbox.x1 - line.bbox.x0) / (ascent + descent);
      const baseline = line.bbox.x1 - descent * size;
      aside.push(
        ...wordsOfLine(line, aside.length, ({ y0, y1 }) => ({ left: height - y1, right: height - y0, baseline, size })),
      );
    } else {
      const size = sizeOf(line);
      main.push(
        ...wordsOfLine(line, main.length, (box) => {
          return { left: box.x0, right: box.x1, baseline: baselineAt(line, middle({ bbox: box })), size };
        }),
      );
    }
  }
  return [
    { width, height, words: snapSizes(main), rules: [], aside: false },
    { width: height, height: width, words: snapSizes(aside), rules: [], aside: true },
  ];
}
