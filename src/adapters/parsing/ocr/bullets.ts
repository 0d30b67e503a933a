import type { Word } from '../layout/page.ts';
import { rowsOf } from '../layout/segment.ts';

/** What bullets and boxes are read as when the engine has no letter for them. */
const mistaken = /^[*+«»=¢©®°§¤•·■□▪><~-]$/;
const doubtful = /^[a-zA-Z0]$/;
const bullet = '•';
/** Share of an em within which items of a list begin at the same place. */
const sameEdge = 0.6;

/**
 * Restores the bullets of a list: signs at the start of lines that are read for them, and single letters where a bullet
 * stands at the same place in another line.
 */
export function restoreBullets(words: readonly Word[]): Word[] {
  const starts = rowsOf(words).flatMap((row) => (row.length > 1 && row[0] !== undefined ? [row[0]] : []));
  const certain = starts.filter((word) => mistaken.test(word.text));
  const isBullet = (word: Word): boolean =>
    certain.includes(word) ||
    (doubtful.test(word.text) && certain.some((other) => Math.abs(other.left - word.left) < sameEdge * word.size));
  const bullets = new Set(starts.filter(isBullet));
  return words.map((word) => (bullets.has(word) && word.text !== '-' ? { ...word, text: bullet } : word));
}
