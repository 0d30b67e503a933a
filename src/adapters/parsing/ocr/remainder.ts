import { type Box, heightOf, widthOf } from '../layout/geometry.ts';
import type { GreyImage } from './grey-image.ts';
import { type InkMap, inkOf, runsOf } from './ink.ts';
import { piecesOf } from './pieces.ts';
import type { PreparedPicture } from './prepare.ts';

/** Fewer pieces of ink than this are specks. */
const minPieces = 2;
/** More than this share of what was read, and some, are a drawing and no words that were missed. */
const maxShare = 0.5;
const maxPieces = 40;
/** Heights of letters and digits, as multiples of small letters. Rows of dashes are lower. */
const lowest = 0.6;
const highest = 3;
/** What stands so near to such a piece is looked at with it, in heights of small letters: a sign, a full stop. */
const besidePiece = 1.5;
const abovePiece = 0.4;

/** Calls `use` with the start and end of every row of a box, as far as it lies within the picture. */
function forRows(
  { width, height }: Pick<GreyImage, 'width' | 'height'>,
  box: Box,
  use: (from: number, to: number) => void,
) {
  const [left, right] = [Math.max(0, Math.floor(box.left)), Math.min(width, Math.ceil(box.right))];
  for (let y = Math.max(0, Math.floor(box.top)); y < Math.min(height, Math.ceil(box.bottom)); y += 1) {
    use(y * width + left, y * width + right);
  }
}

const grow = ({ left, top, right, bottom }: Box, across: number, along: number): Box => ({
  left: left - across,
  top: top - along,
  right: right + across,
  bottom: bottom + along,
});

/** Pieces of ink outside of `boxes` that could be letters. */
function lettersOutside(map: InkMap, boxes: readonly Box[], letters: number): Box[] {
  for (const box of boxes) forRows(map, grow(box, 1, 1), (from, to) => map.ink.fill(0, from, to));
  return piecesOf(runsOf(map, 1)).flatMap(({ box }) => {
    const [width, height] = [widthOf(box), heightOf(box)];
    return height >= lowest * letters && height <= highest * letters && width <= highest * letters ? [box] : [];
  });
}

/** What is left of a picture when the words in `boxes` are taken out; null when it does not look like words. */
export function remainderOf(
  { image, letters }: PreparedPicture,
  boxes: readonly Box[],
  characters: number,
): GreyImage | null {
  const map = inkOf(image);
  const missed = lettersOutside(map, boxes, letters);
  if (missed.length < minPieces || missed.length > maxPieces + maxShare * characters) return null;
  const pixels = Buffer.alloc(image.pixels.length, map.paper);
  for (const box of missed) {
    forRows(image, grow(box, besidePiece * letters, abovePiece * letters), (from, to) => {
      image.pixels.copy(pixels, from, from, to);
    });
  }
  for (const box of boxes) forRows(image, grow(box, 1, 1), (from, to) => pixels.fill(map.paper, from, to));
  return { ...image, pixels };
}
