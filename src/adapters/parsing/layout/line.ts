import { type Box, unite } from './geometry.ts';
import type { Word } from './page.ts';
import { inReadingOrder } from './segment.ts';
import { textOf } from './text.ts';

/** One line of running text. */
export interface Line extends Box {
  text: string;
  words: Word[];
  baseline: number;
  /** Font size of most of its characters. */
  size: number;
  /** Bold or monospaced throughout. */
  bold: boolean;
  monospaced: boolean;
  /** Wide gaps cut it in pieces, as in a form: it is no sentence and no title. */
  gapped: boolean;
}

/** The size that most characters have. */
function commonSize(words: readonly Word[]): number {
  const counts = new Map<number, number>();
  for (const { size, text } of words) counts.set(size, (counts.get(size) ?? 0) + text.length);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

export function lineOf(words: readonly Word[], gapped = false): Line {
  const ordered = inReadingOrder(words);
  const size = commonSize(ordered);
  return {
    ...unite(ordered),
    text: textOf(ordered),
    words: ordered,
    baseline: ordered.find((word) => word.size === size)?.baseline ?? 0,
    size,
    bold: ordered.every((word) => word.bold || /^[^\p{L}\p{N}]+$/u.test(word.text)),
    monospaced: ordered.every((word) => word.monospaced),
    gapped,
  };
}
