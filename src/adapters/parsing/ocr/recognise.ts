import type { Block } from '../../../core/document.ts';
import { blocksOfPage, contextOf } from '../layout/document-layout.ts';
import { edgeLines, furnitureOf, withoutWords } from '../layout/furniture.ts';
import type { PositionedPage, Word } from '../layout/page.ts';
import { restoreBullets } from './bullets.ts';
import { readPicture } from './engine.ts';
import { type GreyImage, scale } from './grey-image.ts';
import { type InkMap, inkOf } from './ink.ts';
import { prepare, type Turn } from './prepare.ts';
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

function meanConfidence(words: readonly Word[]): number {
  const letters = words.reduce((sum, word) => sum + word.text.length, 0);
  return words.reduce((sum, word) => sum + (word.confidence ?? 0) * word.text.length, 0) / Math.max(1, letters);
}

/** Reads a picture in the orientation in which it makes sense. */
export async function recognise(image: GreyImage, languages: readonly string[]): Promise<PositionedPage[]> {
  let best: { pages: PositionedPage[]; confidence: number } = { pages: [], confidence: -1 };
  for (const attempt of attemptsOf(await thumbnailOf(image))) {
    if (best.confidence >= attempt.below) break;
    const prepared = await prepare(image, attempt);
    const pages = pagesOf(await readPicture(prepared, languages), prepared);
    const confidence = meanConfidence(pages.flatMap((page) => page.words));
    if (confidence > best.confidence) best = { pages, confidence };
  }
  return best.pages;
}

/** Recognises a picture of a page and lays out what it says. */
export async function recogniseBlocks(image: GreyImage, languages: readonly string[]): Promise<Block[]> {
  const recognised = await recognise(image, languages);
  const pages = recognised.map((page) => {
    const text = { ...page, words: restoreBullets(page.words) };
    return withoutWords(text, furnitureOf(edgeLines(text), []));
  });
  const context = contextOf(pages.slice(0, 1), headingRatio);
  return pages.flatMap((page) => blocksOfPage(page, context, 'ocr'));
}
