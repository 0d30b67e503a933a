import type { InkMap } from './ink.ts';

/** Degrees. Beyond `maxSkew` a page was turned on purpose. */
export const maxSkew = 10;
const coarseStep = 0.5;
const fineStep = 0.05;
const maxPoints = 60_000;
/** The outline of one short word has more. */
const minPoints = 20;

export interface Skew {
  /** Degrees by which the lines fall to the right: turn the picture back by as much. */
  degrees: number;
  /** How clearly lines stand out at that angle: 1 is not at all, 0 is a picture without ink. */
  clarity: number;
}

interface Points {
  along: Float64Array;
  across: Float64Array;
  length: number;
}

/** Pixels below which the ink ends: along the lines of a text most of them are on its baselines. */
function lowerEdges({ width, height, ink }: InkMap, vertical: boolean): Points {
  const step = vertical ? 1 : width;
  const [columns, rows] = vertical ? [width - 1, height] : [width, height - 1];
  const along: number[] = [];
  const across: number[] = [];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const index = y * width + x;
      if (ink[index] === 1 && ink[index + step] === 0) {
        along.push(vertical ? y : x);
        across.push(vertical ? -x : y);
      }
    }
  }
  return thin(along, across);
}

function thin(along: readonly number[], across: readonly number[]): Points {
  const every = Math.max(1, Math.ceil(along.length / maxPoints));
  const keep = (_: number, index: number) => index % every === 0;
  const kept = along.filter(keep);
  return { along: Float64Array.from(kept), across: Float64Array.from(across.filter(keep)), length: kept.length };
}

/** Sharpness of the projection at an angle: how unevenly the points fall on lines, 1 when they do evenly. */
function sharpness({ along, across, length }: Points, degrees: number, bins: Float64Array): number {
  bins.fill(0);
  const slope = Math.tan((degrees * Math.PI) / 180);
  const cosine = Math.cos((degrees * Math.PI) / 180);
  const offset = bins.length / 2;
  for (let index = 0; index < length; index += 1) {
    const at = ((across[index] ?? 0) - (along[index] ?? 0) * slope) * cosine + offset;
    const bin = Math.floor(at);
    const share = at - bin;
    bins[bin] = (bins[bin] ?? 0) + 1 - share;
    bins[bin + 1] = (bins[bin + 1] ?? 0) + share;
  }
  let squares = 0;
  for (const count of bins) squares += count * count;
  return squares / Math.max(1, length);
}

/** The angle of the lines of a text by projection profile. `vertical` looks for lines that run down the picture. */
export function measureSkew(map: InkMap, vertical = false): Skew {
  const points = lowerEdges(map, vertical);
  if (points.length < minPoints) return { degrees: 0, clarity: 0 };
  const bins = new Float64Array(2 * Math.ceil(Math.hypot(map.width, map.height) + 2) + 4);
  const angles: number[] = [];
  for (let angle = -maxSkew - 1; angle <= maxSkew + 1; angle += coarseStep) angles.push(angle);
  const values = angles.map((angle) => sharpness(points, angle, bins));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const coarse = angles[values.indexOf(Math.max(...values))] ?? 0;
  let best = { degrees: coarse, value: Math.max(...values) };
  for (let angle = coarse - coarseStep; angle <= coarse + coarseStep; angle += fineStep) {
    const value = sharpness(points, angle, bins);
    if (value > best.value) best = { degrees: angle, value };
  }
  return { degrees: Math.round(best.degrees * 100) / 100, clarity: best.value / mean };
}
