import type { Bbox, Line } from 'tesseract.js';
import { type Box, median } from '../layout/geometry.ts';
import type { PositionedPage, Word } from '../layout/page.ts';
import type { PreparedPicture } from './prepare.ts';

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

/** Layout reckons in points: letters of this x-height are set in ten of them. */
const pointsOfLetters = 5.2;

function toPoints({ width, height, words, rules, aside }: PositionedPage, factor: number): PositionedPage {
  const box = ({ left, top, right, bottom }: Box) => ({
    left: left * factor,
    top: top * factor,
    right: right * factor,
    bottom: bottom * factor,
  });
  return {
    width: width * factor,
    height: height * factor,
    words: words.map((word) => ({ ...word, ...box(word), baseline: word.baseline * factor, size: word.size * factor })),
    rules: rules.map((rule) => ({ ...rule, ...box(rule) })),
    aside,
  };
}

/** What was recognised in a picture, where it stands; text that runs up the page as a page of its own. */
export function pagesOf(lines: readonly Line[], { image, rules, letters }: PreparedPicture): PositionedPage[] {
  const { width, height } = image;
  const main: Word[] = [];
  const aside: Word[] = [];
  for (const line of lines) {
    if (isUpright(line)) {
      const size = (line.bbox.x1 - line.bbox.x0) / (ascent + descent);
      const baseline = line.bbox.x1 - descent * size;
      const place = ({ y0, y1 }: Bbox): Place => ({ left: height - y1, right: height - y0, baseline, size });
      aside.push(...wordsOfLine(line, aside.length, place));
    } else {
      const size = sizeOf(line);
      const place = (box: Bbox): Place => {
        return { left: box.x0, right: box.x1, baseline: baselineAt(line, (box.x0 + box.x1) / 2), size };
      };
      main.push(...wordsOfLine(line, main.length, place));
    }
  }
  const factor = letters === 0 ? 1 : pointsOfLetters / letters;
  return [
    toPoints({ width, height, words: snapSizes(main), rules, aside: false }, factor),
    toPoints({ width: height, height: width, words: snapSizes(aside), rules: [], aside: true }, factor),
  ];
}
