import type { Block } from '../../../core/document.ts';
import { blocksOfPage, contextOf } from '../layout/document-layout.ts';
import { edgeLines, furnitureOf, withoutWords } from '../layout/furniture.ts';
import type { PositionedPage, Word } from '../layout/page.ts';
import { restoreBullets } from './bullets.ts';
import { readPicture } from './engine.ts';
import { type GreyImage, rotate, scale } from './grey-image.ts';
import { type InkMap, inkOf } from './ink.ts';
import { letterHeight } from './letter-height.ts';
import { maxSkew, measureSkew, type Skew } from './skew.ts';
import { wordsOf } from './words.ts';

/** Longest side of the thumbnail on which skew is measured. */
const thumbnailSide = 1_200;
/** Degrees: less than this does not matter to the engine. */
const minSkew = 0.3;
/** Small letters lower than this many pixels are scaled up to it. */
const wantedLetterHeight = 20;
const minScale = 1.2;
const maxScale = 4;
const maxScaledPixels = 32_000_000;
/** Mean confidence from which an orientation is taken to be right. */
const sure = 0.8;
const hopeless = 0.6;
/** How much clearer lines must stand out in one direction than in the other to leave no doubt. */
const clearly = 1.3;
/** Lines less clear than this in either direction are those of a picture that shows no text. */
const textual = 1.15;

async function thumbnailOf(image: GreyImage): Promise<InkMap> {
  const factor = Math.min(1, thumbnailSide / Math.max(image.width, image.height));
  return inkOf(await scale(image, factor));
}

/** The picture turned and scaled so that the engine reads it best. */
async function prepare(image: GreyImage, quarterTurns: number, skew: Skew, paper: number): Promise<GreyImage> {
  const crooked = Math.abs(skew.degrees) >= minSkew && Math.abs(skew.degrees) <= maxSkew && skew.clarity > 1.1;
  const upright = await rotate(image, quarterTurns * 90, paper);
  const straight = await rotate(upright, crooked ? -skew.degrees : 0, paper);
  const height = letterHeight(inkOf(straight));
  const wanted = height === 0 ? 1 : wantedLetterHeight / height;
  const room = Math.sqrt(maxScaledPixels / (straight.width * straight.height));
  const factor = Math.min(wanted, maxScale, room);
  return factor < minScale ? straight : scale(straight, factor);
}

interface Reading {
  page: PositionedPage;
  confidence: number;
}

function meanConfidence(words: readonly Word[]): number {
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  return words.reduce((sum, word) => sum + (word.confidence ?? 0) * word.text.length, 0) / Math.max(1, letters);
}

async function read(image: GreyImage, language: string): Promise<Reading> {
  const words = wordsOf(await readPicture(image, language));
  return {
    page: { width: image.width, height: image.height, words, rules: [], aside: false },
    confidence: meanConfidence(words),
  };
}

const blank = ({ width, height }: GreyImage): PositionedPage => ({ width, height, words: [], rules: [], aside: false });

/** Reads a picture in the orientation in which it makes sense. */
export async function recognise(image: GreyImage, language: string): Promise<PositionedPage> {
  const thumbnail = await thumbnailOf(image);
  const across = measureSkew(thumbnail);
  const down = measureSkew(thumbnail, true);
  const clarity = Math.max(across.clarity, down.clarity);
  if (clarity === 0) return blank(image);
  const lying = down.clarity > across.clarity;
  const [likely, unlikely] = lying ? [down, across] : [across, down];
  let best: Reading | null = null;
  const attempts = [
    { turns: lying ? 3 : 0, skew: likely, when: 1 },
    { turns: lying ? 1 : 2, skew: likely, when: sure },
    { turns: lying ? 0 : 3, skew: unlikely, when: hopeless },
    { turns: lying ? 2 : 1, skew: unlikely, when: hopeless },
  ];
  for (const { turns, skew, when } of clarity < textual ? attempts.slice(0, 1) : attempts) {
    if (best !== null && best.confidence >= when) break;
    if (skew === unlikely && likely.clarity > clearly * unlikely.clarity) break;
    const reading = await read(await prepare(image, turns, skew, thumbnail.paper), language);
    if (best === null || reading.confidence > best.confidence) best = reading;
  }
  return best?.page ?? blank(image);
}

/** Sizes are measured from pixels: a heading must be larger than text by more than they err. */
const headingRatio = 1.2;

/** Recognises a picture of a page and lays out what it says. */
export async function recogniseBlocks(image: GreyImage, languages: readonly string[]): Promise<Block[]> {
  const recognised = await recognise(image, languages[0] ?? 'eng');
  const page = { ...recognised, words: restoreBullets(recognised.words) };
  const text = withoutWords(page, furnitureOf(edgeLines(page), []));
  return blocksOfPage(text, contextOf([text], headingRatio), 'ocr');
}
