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

/** The picture turned and scaled so that the engine reads it best. */
export async function prepare(image: GreyImage, { quarterTurns, skew, paper }: Turn): Promise<GreyImage> {
  const angle = Math.abs(skew.degrees);
  const crooked = angle >= minSkew && angle <= maxSkew && skew.clarity > minClarity;
  const upright = await rotate(image, quarterTurns * 90, paper);
  const straight = await rotate(upright, crooked ? -skew.degrees : 0, paper);
  const height = letterHeight(inkOf(straight));
  const wanted = height === 0 ? 1 : wantedLetterHeight / height;
  const room = Math.sqrt(maxScaledPixels / (straight.width * straight.height));
  const factor = Math.min(wanted, maxScale, room);
  return factor < minScale ? straight : scale(straight, factor);
}
