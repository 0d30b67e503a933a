import { type Box, heightOf, overlap, widthOf } from '../layout/geometry.ts';
import { type Rule, ruleOf } from '../layout/page.ts';
import type { GreyImage } from './grey-image.ts';
import { type InkMap, runsOf } from './ink.ts';
import { type Piece, piecesOf, type Run } from './pieces.ts';

/** In heights of small letters: a stroke at least so long, and at most so thick, is a line and no letter. */
const minLength = 5;
const maxThickness = 0.8;
/** So long, it is a line even if it meets no other. */
const certainLength = 12;
const minPixels = 40;
const minRun = 2;
/** How far a line may stray from straight, as a share of its length. */
const maxSlope = 0.02;
/** Letters that touch a line interrupt it for at most so long. */
const widestTouch = 2;

/** A straight line of a form or a table, with the ink that it is made of. */
export interface DrawnLine {
  rule: Rule;
  runs: readonly Run[];
}

const turnBox = ({ left, top, right, bottom }: Box): Box => ({ left: top, top: left, right: bottom, bottom: right });

/** The ink that is at most this thick, measured across the direction of the lines that are sought. */
function thinInk(map: InkMap, thickness: number, down: boolean): InkMap {
  const ink = new Uint8Array(map.ink.length);
  for (const runs of runsOf(map, 1, !down)) {
    for (const { line, from, to } of runs) {
      if (to - from >= thickness) continue;
      const [start, step] = down ? [line * map.width, 1] : [line, map.width];
      for (let at = from; at <= to; at += 1) ink[start + at * step] = 1;
    }
  }
  return { ...map, ink };
}

/** Joins runs between which the line only widens, where a letter or another line touches it. */
function bridge(runs: readonly Run[], map: InkMap, widest: number, down: boolean): Run[] {
  const [lineStep, step] = down ? [1, map.width] : [map.width, 1];
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    let solid = last !== undefined && run.from - last.to <= widest;
    for (let at = (last?.to ?? 0) + 1; solid && at < run.from; at += 1) {
      solid = map.ink[run.line * lineStep + at * step] === 1;
    }
    if (solid && last !== undefined) last.to = run.to;
    else joined.push({ ...run });
  }
  return joined;
}

const thicknessOf = (letters: number): number => Math.max(3, maxThickness * letters);

/** Runs longer than a stroke of a letter. A line that is not quite straight is made of several, side by side. */
function* longRuns(map: InkMap, letters: number, down: boolean): Generator<Run[]> {
  const thin = thinInk(map, thicknessOf(letters), down);
  for (const runs of runsOf(thin, 1, down)) {
    yield bridge(runs, map, widestTouch * letters, down).filter(({ from, to }) => to - from >= minRun * letters);
  }
}

function isLine({ box, runs }: Piece, letters: number): boolean {
  const length = widthOf(box);
  const ink = runs.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (length < Math.max(minPixels, minLength * letters)) return false;
  return ink / length <= thicknessOf(letters) && heightOf(box) <= Math.max(thicknessOf(letters), maxSlope * length);
}

/** A run up to the far side of the lines that it meets: in a corner the ink is thick in either direction. */
function throughCorners({ line, from, to }: Run, map: InkMap, thickness: number, down: boolean): Run {
  const [start, step, length] = down ? [line, map.width, map.height] : [line * map.width, 1, map.width];
  const isInk = (at: number) => at >= 0 && at < length && map.ink[start + at * step] === 1;
  let [first, last] = [from, to];
  while (first > from - thickness && isInk(first - 1)) first -= 1;
  while (last < to + thickness && isInk(last + 1)) last += 1;
  return { line, from: first, to: last };
}

function linesIn(map: InkMap, letters: number, down: boolean): DrawnLine[] {
  const thickness = thicknessOf(letters);
  const pieces = piecesOf(longRuns(map, letters, down)).filter((piece) => isLine(piece, letters));
  return pieces.map(({ box, runs }) => ({
    rule: ruleOf(down ? turnBox(box) : box),
    runs: runs.map((run) => throughCorners(run, map, thickness, down)),
  }));
}

/** Lines drawn across and down a picture whose small letters are `letters` pixels high. */
export function drawnLines(map: InkMap, letters: number): DrawnLine[] {
  const across = linesIn(map, letters, false);
  const down = linesIn(map, letters, true);
  const meets = ({ rule }: DrawnLine, others: readonly DrawnLine[]): boolean =>
    others.some(
      ({ rule: other }) =>
        overlap(rule.left, rule.right, other.left, other.right) > -letters &&
        overlap(rule.top, rule.bottom, other.top, other.bottom) > -letters,
    );
  const isLong = ({ rule }: DrawnLine): boolean => Math.max(widthOf(rule), heightOf(rule)) > certainLength * letters;
  return [
    ...across.filter((line) => isLong(line) || meets(line, down)),
    ...down.filter((line) => isLong(line) || meets(line, across)),
  ];
}

/** The picture without these lines: a letter that touches one would be read as another. */
export function erase({ width, height, pixels }: GreyImage, lines: readonly DrawnLine[], paper: number): GreyImage {
  const erased = Buffer.from(pixels);
  for (const { rule, runs } of lines) {
    for (const { line, from, to } of runs) {
      // The edge of a line is grey, half ink and half paper.
      for (let beside = line - 1; beside <= line + 1; beside += 1) {
        if (rule.horizontal) {
          if (beside >= 0 && beside < height) erased.fill(paper, beside * width + from, beside * width + to + 1);
        } else if (beside >= 0 && beside < width) {
          for (let y = from; y <= to; y += 1) erased[y * width + beside] = paper;
        }
      }
    }
  }
  return { width, height, pixels: erased };
}
