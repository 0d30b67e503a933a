import type { GreyImage } from './grey-image.ts';
import type { Run } from './pieces.ts';

/** Which pixels are ink: 1, or paper: 0. */
export interface InkMap {
  width: number;
  height: number;
  ink: Uint8Array;
  /** Brightness of the paper, 0 to 255. */
  paper: number;
}

function histogramOf(pixels: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const pixel of pixels) counts[pixel] = (counts[pixel] ?? 0) + 1;
  return counts;
}

/** Otsu's threshold: the brightness that separates dark from light with the least spread within each. */
function thresholdOf(counts: readonly number[], total: number): number {
  const sum = counts.reduce((all, count, value) => all + count * value, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 127;
  counts.forEach((count, value) => {
    below += count;
    sumBelow += count * value;
    const above = total - below;
    if (below === 0 || above === 0) return;
    const difference = sumBelow / below - (sum - sumBelow) / above;
    const separation = below * above * difference * difference;
    if (separation > best) {
      best = separation;
      threshold = value;
    }
  });
  return threshold;
}

const mostFrequent = (counts: readonly number[], from: number, to: number): number => {
  let best = from;
  for (let value = from; value <= to; value += 1) if ((counts[value] ?? 0) > (counts[best] ?? 0)) best = value;
  return best;
};

/**
 * Tells ink from paper. Whichever covers more of the picture is paper, so light text on dark ground works too. `faint`
 * counts as ink what is not quite as dark, as thin lines are that were drawn between pixels.
 */
export function inkOf({ width, height, pixels }: GreyImage, faint = false): InkMap {
  const counts = histogramOf(pixels);
  const threshold = thresholdOf(counts, pixels.length);
  const dark = counts.slice(0, threshold + 1).reduce((sum, count) => sum + count, 0);
  const inverted = dark > pixels.length / 2;
  const paper = inverted ? mostFrequent(counts, 0, threshold) : mostFrequent(counts, threshold + 1, 255);
  const limit = faint ? (threshold + paper) / 2 : threshold;
  const ink = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) {
    ink[index] = (pixels[index] ?? 0) <= limit !== inverted ? 1 : 0;
  }
  return { width, height, ink, paper };
}

/** The ink of a picture row by row, or column by column, in runs of at least this many pixels. */
export function* runsOf(map: InkMap, minLength: number, down = false): Generator<Run[]> {
  const { width, height, ink } = map;
  const [lines, length] = down ? [width, height] : [height, width];
  const [lineStep, step] = down ? [1, width] : [width, 1];
  for (let line = 0; line < lines; line += 1) {
    const runs: Run[] = [];
    let from = -1;
    for (let at = 0; at <= length; at += 1) {
      const isInk = at < length && ink[line * lineStep + at * step] === 1;
      if (isInk && from < 0) from = at;
      if (isInk || from < 0) continue;
      if (at - from >= minLength) runs.push({ line, from, to: at - 1 });
      from = -1;
    }
    yield runs;
  }
}
