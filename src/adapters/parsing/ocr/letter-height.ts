import { heightOf, quantile, widthOf } from '../layout/geometry.ts';
import { type InkMap, runsOf } from './ink.ts';
import { type Piece, piecesOf } from './pieces.ts';

/** Connected pieces of ink smaller than this are noise. */
const minPiece = 4;
/** Fewer pieces than this are no text. */
const minPieces = 10;
/** Small letters are the most frequent pieces, and the lowest: this share of all heights is theirs. */
const share = 0.4;
/** Rows that are looked at: enough letters on any page. */
const maxRows = 2_000;

/** The middle of a high picture. */
function excerpt(map: InkMap): InkMap {
  const height = Math.min(map.height, maxRows);
  const first = Math.floor((map.height - height) / 2) * map.width;
  return { ...map, height, ink: map.ink.subarray(first, first + height * map.width) };
}

function isLetter({ box }: Piece, pageHeight: number): boolean {
  const [width, height] = [widthOf(box), heightOf(box)];
  if (height < minPiece || width < 2 || height > pageHeight / 4) return false;
  return width < 6 * height && height < 6 * width;
}

/** Height of small letters in pixels (x-height); 0 when nothing in the picture looks like letters. */
export function letterHeight(map: InkMap): number {
  const letters = piecesOf(runsOf(excerpt(map), 1)).filter((piece) => isLetter(piece, map.height));
  return letters.length < minPieces
    ? 0
    : quantile(
        letters.map(({ box }) => heightOf(box)),
        share,
      );
}
