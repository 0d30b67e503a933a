import { quantile } from '../layout/geometry.ts';
import type { InkMap } from './ink.ts';

/** Connected pieces of ink smaller than this are noise. */
const minPiece = 4;
/** Small letters are the most frequent pieces, and the lowest: this share of all heights is theirs. */
const share = 0.4;
/** Rows that are looked at: enough letters on any page. */
const maxRows = 2_000;

interface Piece {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A run of ink in one row, and the piece that it belongs to. */
interface Run {
  from: number;
  to: number;
  piece: Piece;
}

function mergeInto(target: Piece, other: Piece): void {
  target.left = Math.min(target.left, other.left);
  target.right = Math.max(target.right, other.right);
  target.top = Math.min(target.top, other.top);
  target.bottom = Math.max(target.bottom, other.bottom);
}

function runsOfRow(map: InkMap, y: number): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  const start = y * map.width;
  let from = -1;
  for (let x = 0; x <= map.width; x += 1) {
    const ink = x < map.width && map.ink[start + x] === 1;
    if (ink && from < 0) from = x;
    if (!ink && from >= 0) {
      runs.push({ from, to: x - 1 });
      from = -1;
    }
  }
  return runs;
}

/** Boxes of connected ink, in one pass from row to row. */
function piecesOf(map: InkMap): Piece[] {
  const pieces = new Set<Piece>();
  let above: Run[] = [];
  const rows = Math.min(map.height, maxRows);
  const first = Math.floor((map.height - rows) / 2);
  for (let y = first; y < first + rows; y += 1) {
    const row: Run[] = [];
    for (const { from, to } of runsOfRow(map, y)) {
      const touching = above.filter((run) => run.from <= to + 1 && run.to >= from - 1);
      const piece = touching[0]?.piece ?? { left: from, right: to, top: y, bottom: y };
      mergeInto(piece, { left: from, right: to, top: y, bottom: y });
      pieces.add(piece);
      for (const run of touching) {
        if (run.piece === piece) continue;
        const joined = run.piece;
        mergeInto(piece, joined);
        pieces.delete(joined);
        for (const other of [...above, ...row]) if (other.piece === joined) other.piece = piece;
      }
      row.push({ from, to, piece });
    }
    above = row;
  }
  return [...pieces];
}

/** Height of small letters in pixels (x-height); 0 when nothing in the picture looks like letters. */
export function letterHeight(map: InkMap): number {
  const heights = piecesOf(map)
    .filter(({ left, right, top, bottom }) => {
      const [width, height] = [right - left + 1, bottom - top + 1];
      return height >= minPiece && width >= 2 && width < 6 * height && height < 6 * width && height < map.height / 4;
    })
    .map(({ top, bottom }) => bottom - top + 1);
  return heights.length < 10 ? 0 : quantile(heights, share);
}
