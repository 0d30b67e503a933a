import type { Line } from 'tesseract.js';
import type { Block } from '../../../core/document.ts';
import { announceRecognition } from '../host/notice.ts';
import { blocksOfPage, contextOf } from '../layout/document-layout.ts';
import { edgeLines, furnitureOf, withoutWords } from '../layout/furniture.ts';
import type { PositionedPage, Word } from '../layout/page.ts';
import { restoreBullets } from './bullets.ts';
import { readLines } from './engine.ts';
import { type GreyImage, scale } from './grey-image.ts';
import { type InkMap, inkOf } from './ink.ts';
import { type PreparedPicture, prepare, type Turn } from './prepare.ts';
import { remainderOf } from './remainder.ts';
import { measureSkew } from './skew.ts';
import { pagesOf } from './words.ts';

/** Longest side of the thumbnail on which skew is measured. */
const thumbnailSide = 1_200;
/** Mean confidence from which a picture that lines say is upright, or lies, is taken to be the right way up. */
const sure = 0.75;
/** Mean confidence under which lines may have been seen in the wrong direction. */
const hopeless = 0.6;
/** How much clearer lines must stand out in one direction than in the other to leave no doubt. */
const clearly = 1.3;
/** Lines less clear than this in either direction are those of a picture that shows no text. */
const textual = 1.15;
/** Percent. What is read of the remainder of a picture is often no text: it must be readable to count. */
const certain = 70;
/** Sizes are measured from pixels: a heading must be larger than text by more than they err. */
const headingRatio = 1.2;

async function thumbnailOf(image: GreyImage): Promise<InkMap> {
  const factor = Math.min(1, thumbnailSide / Math.max(image.width, image.height));
  return inkOf(await scale(image, factor));
}

interface Attempt extends Turn {
  /** Made only when the best reading so far is less sure than this. */
  below: number;
}

/** The ways in which a picture may have to be turned, the likely first; none for a picture without ink. */
function attemptsOf(thumbnail: InkMap): Attempt[] {
  const { paper } = thumbnail;
  const across = measureSkew(thumbnail);
  const down = measureSkew(thumbnail, true);
  const lying = down.clarity > across.clarity;
  const [likely, unlikely] = lying ? [down, across] : [across, down];
  if (likely.clarity === 0) return [];
  const first = { quarterTurns: lying ? 3 : 0, skew: likely, paper, below: 1 };
  const second = { quarterTurns: lying ? 1 : 2, skew: likely, paper, below: sure };
  if (likely.clarity < textual) return [first];
  if (likely.clarity > clearly * unlikely.clarity) return [first, second];
  return [
    first,
    second,
    { quarterTurns: lying ? 0 : 3, skew: unlikely, paper, below: hopeless },
    { quarterTurns: lying ? 2 : 1, skew: unlikely, paper, below: hopeless },
  ];
}

interface Reading {
  prepared: PreparedPicture;
  lines: Line[];
  /** Mean of the words that are kept, by their letters. */
  confidence: number;
}

function confidenceOf(words: readonly Word[]): number {
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  return words.reduce((sum, word) => sum + (word.confidence ?? 0) * word.text.length, 0) / Math.max(1, letters);
}

async function read(image: GreyImage, turn: Turn, languages: readonly string[]): Promise<Reading> {
  const prepared = await prepare(image, turn);
  const lines = await readLines(prepared.image, languages);
  return { prepared, lines, confidence: confidenceOf(pagesOf(lines, prepared).flatMap((page) => page.words)) };
}

/** Lone words that the engine took for dust between the others: what it left is read once more, on its own. */
async function readRemainder({ prepared, lines }: Reading, languages: readonly string[]): Promise<Line[]> {
  const words = lines.flatMap((line) => line.words);
  const boxes = words.map(({ bbox: { x0, y0, x1, y1 } }) => ({ left: x0, top: y0, right: x1, bottom: y1 }));
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  const rest = remainderOf(prepared, boxes, characters);
  const found = rest === null ? [] : await readLines(rest, languages, 'scattered');
  return found.filter((line) => line.confidence >= certain && /[\p{L}\p{N}]{2}/u.test(line.text));
}

/** Reads a picture in the orientation in which it makes sense. */
export async function recognise(image: GreyImage, languages: readonly string[]): Promise<PositionedPage[]> {
  let best: Reading | null = null;
  for (const { below, ...turn } of attemptsOf(await thumbnailOf(image))) {
    if (best !== null && best.confidence >= below) break;
    const reading = await read(image, turn, languages);
    if (best === null || reading.confidence > best.confidence) best = reading;
  }
  if (best === null) return [];
  return pagesOf([...best.lines, ...(await readRemainder(best, languages))], best.prepared);
}

/** Recognises a picture of a page and lays out what it says. */
export async function recogniseBlocks(image: GreyImage, languages: readonly string[]): Promise<Block[]> {
  announceRecognition();
  const recognised = await recognise(image, languages);
  const pages = recognised.map((page) => {
    const text = { ...page, words: restoreBullets(page.words) };
    return withoutWords(text, furnitureOf(edgeLines(text), []));
  });
  const context = contextOf(pages.slice(0, 1), headingRatio);
  return pages.flatMap((page) => blocksOfPage(page, context, 'ocr'));
}
