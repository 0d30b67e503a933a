import { type Rule, ruleOf } from '../layout/page.ts';
import { drawnLines, erase } from './drawn-lines.ts';
import { type GreyImage, rotate, scale } from './grey-image.ts';
import { inkOf } from './ink.ts';
import { letterHeight } from './letter-height.ts';
import { maxSkew, type Skew } from './skew.ts';

/** Degrees: less than this does not matter to the engine. */
const minSkew = 0.3;
/** Lines must stand out this clearly for their angle to be trusted. */
const minClarity = 1.1;
/** Small letters lower than this many pixels are scaled up to it; anything else is left as it is. */
const wantedLetterHeight = 20;
const minScale = 1.2;
const maxScale = 4;
const maxScaledPixels = 32_000_000;

/** How a picture is turned before it is read. */
export interface Turn {
  /** Clockwise. */
  quarterTurns: number;
  /** What is left to straighten, as measured on the picture before it is turned. */
  skew: Skew;
  /** Brightness of the corners that appear. */
  paper: number;
}

/** A picture as the engine reads it best: upright, straight, large enough, without the lines of forms and tables. */
export interface PreparedPicture {
  image: GreyImage;
  /** The lines that were taken out, in pixels of `image`. */
  rules: Rule[];
  /** Height of small letters in pixels of `image`; 0 when there seem to be none. */
  letters: number;
}

export async function prepare(picture: GreyImage, { quarterTurns, skew, paper }: Turn): Promise<PreparedPicture> {
  const angle = Math.abs(skew.degrees);
  const crooked = angle >= minSkew && angle <= maxSkew && skew.clarity > minClarity;
  const upright = await rotate(picture, quarterTurns * 90, paper);
  const straight = await rotate(upright, crooked ? -skew.degrees : 0, paper);
  const letters = letterHeight(inkOf(straight));
  const lines = letters === 0 ? [] : drawnLines(inkOf(straight, true), letters);
  const clean = lines.length === 0 ? straight : erase(straight, lines, paper);
  const wanted = letters === 0 ? 1 : wantedLetterHeight / letters;
  const room = Math.sqrt(maxScaledPixels / (straight.width * straight.height));
  const most = Math.min(wanted, maxScale, room);
  const factor = most < minScale ? 1 : most;
  const rules = lines.map(({ rule: { left, top, right, bottom } }) =>
    ruleOf({ left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor }),
  );
  return { image: await scale(clean, factor), rules, letters: letters * factor };
}
