import { type Box, median } from '../layout/geometry.ts';
import type { Glyph } from './glyphs.ts';
import type { PageSpace } from './page-space.ts';

/** The glyphs of a page that run in one direction, moved so that they run from left to right on a page of their own. */
export interface UprightText {
  width: number;
  height: number;
  /** Quarter turns, counter-clockwise, by which the text stands on the page; null: at some other angle. */
  quarterTurns: number | null;
  glyphs: Glyph[];
  /** Takes a box from the page as shown to the page of this text. */
  moveBox(box: Box): Box;
}

const quarter = Math.PI / 2;
/** More than this off a quarter turn is not a crooked scan but meant so, e.g. a watermark. */
const maxSkew = (10 * Math.PI) / 180;
const minSkew = (0.2 * Math.PI) / 180;

/** Remainder of an angle to the nearest quarter turn. */
const skewOf = (angle: number): number => angle - Math.round(angle / quarter) * quarter;

function turnsOf(angle: number): number | null {
  if (Math.abs(skewOf(angle)) > maxSkew) return null;
  return ((Math.round(angle / quarter) % 4) + 4) % 4;
}

type Move = (x: number, y: number) => readonly [number, number];

function turn(turns: number, { width, height }: PageSpace): Move {
  if (turns === 1) return (x, y) => [height - y, x];
  if (turns === 2) return (x, y) => [width - x, height - y];
  if (turns === 3) return (x, y) => [y, width - x];
  return (x, y) => [x, y];
}

function rotate(angle: number): Move {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return (x, y) => [x * cosine - y * sine, x * sine + y * cosine];
}

function moveBox(box: Box, move: Move): Box {
  const [x1, y1] = move(box.left, box.top);
  const [x2, y2] = move(box.right, box.bottom);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
}

function moveGlyph(glyph: Glyph, move: Move): Glyph {
  const [x, y] = move(glyph.x, glyph.y);
  return { ...glyph, x, y, ...moveBox(glyph, move) };
}

function medianSkew(glyphs: readonly Glyph[]): number {
  const crooked = glyphs.some((glyph) => Math.abs(skewOf(glyph.style.angle)) > minSkew);
  return crooked ? median(glyphs.map((glyph) => skewOf(glyph.style.angle))) : 0;
}

/** The boxes of slanted glyphs are upright and overlap; where a glyph begins is where the one before it ends. */
function spread(glyphs: Glyph[]): void {
  glyphs.forEach((glyph, index) => {
    const em = glyph.style.size;
    const advance = (glyphs[index + 1]?.x ?? Infinity) - glyph.x;
    glyph.left = glyph.x;
    glyph.right = glyph.x + (advance > 0 && advance < em ? advance : 0.5 * em);
  });
}

/** Splits a text layer by direction; the direction of most glyphs comes first. Glyphs outside the page are left out. */
export function splitByOrientation(glyphs: readonly Glyph[], space: PageSpace): UprightText[] {
  const groups = new Map<number | null, Glyph[]>();
  const margin = 2;
  for (const glyph of glyphs) {
    const { x, y } = glyph;
    if (x < -margin || y < -margin || x > space.width + margin || y > space.height + margin) continue;
    const turns = turnsOf(glyph.style.angle);
    const group = groups.get(turns);
    if (group === undefined) groups.set(turns, [glyph]);
    else group.push(glyph);
  }
  const upright = [...groups].map(([turns, group]): UprightText => {
    const turned = (turns ?? 0) % 2 === 1;
    const size = { width: turned ? space.height : space.width, height: turned ? space.width : space.height };
    const skew = turns === null ? (group[0]?.style.angle ?? 0) : medianSkew(group);
    const upright = turn(turns ?? 0, space);
    const straight = rotate(skew);
    const move: Move = Math.abs(skew) > minSkew ? (x, y) => straight(...upright(x, y)) : upright;
    const still = !turns && Math.abs(skew) <= minSkew;
    const moved = still ? group : group.map((glyph) => moveGlyph(glyph, move));
    if (turns === null) spread(moved);
    return { ...size, quarterTurns: turns, glyphs: moved, moveBox: (box) => moveBox(box, move) };
  });
  return upright.sort((a, b) => b.glyphs.length - a.glyphs.length);
}
