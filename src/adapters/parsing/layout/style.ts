import { overlap } from './geometry.ts';
import type { Line } from './line.ts';

/** What is ordinary in a document, so that a heading can be told from its text. The same for all its pages. */
export interface DocumentStyle {
  /** Font size of most of the text. */
  bodySize: number;
  /** A heading is at least this much larger than the body. */
  headingRatio: number;
  /** Usual distance between the lines of a paragraph, in ems. */
  linePitch: number;
  /** Most of the text is bold, or monospaced: then it says nothing of a line. */
  boldBody: boolean;
  monospacedBody: boolean;
  /** Sizes of headings, largest first; a size within `tolerance` of one of them has its level. */
  headingSizes: readonly number[];
}

/** A heading is at least this much larger than the body, where sizes are exact. */
export const defaultHeadingRatio = 1.12;
/** Sizes nearer to each other than this are the same; recognised text has no exact sizes. */
const sameSize = 0.06;
const maxSizeLevels = 5;
const defaultPitch = 1.2;
/** Lines further apart than this are no neighbours. */
const maxPitch = 2.8;

const mostFrequent = (counts: ReadonlyMap<number, number>): number =>
  [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];

function shareOf(lines: readonly Line[], test: (line: Line) => boolean): number {
  const characters = (some: readonly Line[]) => some.reduce((sum, line) => sum + line.text.length, 0);
  return characters(lines.filter(test)) / Math.max(1, characters(lines));
}

function commonSize(lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 4) / 4;
    counts.set(rounded, (counts.get(rounded) ?? 0) + text.length);
  }
  return mostFrequent(counts);
}

/** The distance, in ems, at which most lines follow the line above them. */
function commonPitch(pages: readonly (readonly Line[])[]): number {
  const counts = new Map<number, number>();
  for (const lines of pages) {
    const sorted = [...lines].sort((a, b) => a.baseline - b.baseline);
    sorted.forEach((line, index) => {
      const isBelow = (other: Line) =>
        other.baseline > line.baseline + 0.5 * line.size && overlap(line.left, line.right, other.left, other.right) > 0;
      const below = sorted.slice(index + 1, index + 12).find(isBelow);
      if (below === undefined || Math.abs(below.size - line.size) > sameSize * line.size) return;
      const pitch = Math.round(((below.baseline - line.baseline) / line.size) * 20) / 20;
      if (pitch < maxPitch) counts.set(pitch, (counts.get(pitch) ?? 0) + Math.min(line.text.length, below.text.length));
    });
  }
  return counts.size === 0 ? defaultPitch : mostFrequent(counts);
}

/** What the lines of a document show of its style; which sizes its headings have is not known yet. */
export function baseStyle(pages: readonly (readonly Line[])[], headingRatio: number): DocumentStyle {
  const lines = pages.flat();
  return {
    bodySize: commonSize(lines),
    headingRatio,
    linePitch: commonPitch(pages),
    boldBody: shareOf(lines, (line) => line.bold) > 0.5,
    monospacedBody: shareOf(lines, (line) => line.monospaced) > 0.5,
    headingSizes: [],
  };
}

/** The style with the sizes of headings that were found with its help. */
export function withHeadings(style: DocumentStyle, sizes: readonly number[]): DocumentStyle {
  const headingSizes: number[] = [];
  for (const size of [...sizes].sort((a, b) => b - a)) {
    const known = headingSizes.some((other) => Math.abs(other - size) <= sameSize * other);
    if (!known && size >= style.bodySize * style.headingRatio) headingSizes.push(size);
  }
  return { ...style, headingSizes: headingSizes.slice(0, maxSizeLevels) };
}

/** Level of a heading of this size, 1 to 5; null when the size is that of text. */
export function levelOfSize(style: DocumentStyle, size: number): number | null {
  if (size < style.bodySize * style.headingRatio) return null;
  const index = style.headingSizes.findIndex((known) => size >= known * (1 - sameSize));
  return index < 0 ? Math.max(1, style.headingSizes.length) : index + 1;
}

/** Level of a heading that is bold but not larger than the text. */
export const levelOfBold = (style: DocumentStyle): number => Math.min(6, style.headingSizes.length + 1);
