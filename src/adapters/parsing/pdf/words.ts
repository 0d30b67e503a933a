import type { Word } from '../layout/page.ts';
import { shift, textOfGlyph } from './glyph-text.ts';
import type { Glyph } from './glyphs.ts';

/** Glyphs of one word that share a baseline and a size. */
interface Run {
  text: string;
  count: number;
  first: Glyph;
  left: number;
  right: number;
}

/** Shares of an em. */
const spaceGap = 0.22;
const backwards = -0.4;
const maxShift = 0.75;
const minShift = 0.12;
const ascent = 0.75;
const descent = 0.23;

const rightToLeft = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}/u;
const isRightToLeft = (codePoint: number): boolean =>
  codePoint >= 0x590 && rightToLeft.test(String.fromCodePoint(codePoint));

function gapBetween(previous: Glyph, next: Glyph): number {
  const reversed = isRightToLeft(previous.codePoint) && isRightToLeft(next.codePoint);
  return reversed ? previous.left - next.right : next.left - previous.right;
}

function endsWord(previous: Glyph, next: Glyph): boolean {
  if (next.codePoint === 0x20 || previous.codePoint === 0x20) return true;
  // The letters of a ligature all stand where the ligature stands.
  if (next.x === previous.x && next.y === previous.y) return false;
  const em = Math.max(previous.style.size, next.style.size);
  if (Math.abs(next.y - previous.y) > maxShift * em) return true;
  const gap = gapBetween(previous, next);
  return gap > spaceGap * em || gap < backwards * em;
}

const isShifted = (run: Run, host: Run): boolean =>
  run.first.style.size < host.first.style.size * 0.9 &&
  Math.abs(run.first.y - host.first.y) > minShift * host.first.style.size;

function runsOf(glyphs: readonly Glyph[]): Run[] {
  const runs: Run[] = [];
  for (const glyph of glyphs) {
    const text = textOfGlyph(glyph.codePoint, glyph.hyphen);
    const last = runs.at(-1);
    const em = glyph.style.size;
    const same =
      last !== undefined &&
      Math.abs(last.first.style.size - em) < 0.02 * em &&
      Math.abs(last.first.y - glyph.y) < minShift * em;
    if (same) {
      last.text += text;
      last.count += 1;
      last.left = Math.min(last.left, glyph.left);
      last.right = Math.max(last.right, glyph.right);
    } else runs.push({ text, count: 1, first: glyph, left: glyph.left, right: glyph.right });
  }
  return runs;
}

function wordOf(glyphs: readonly Glyph[], order: number): Word | null {
  const runs = runsOf(glyphs);
  const host = runs.reduce((best, run) => {
    const difference = run.first.style.size - best.first.style.size;
    return difference > 0.5 || (Math.abs(difference) <= 0.5 && run.count > best.count) ? run : best;
  });
  const text = runs
    .map((run) => (isShifted(run, host) ? shift(run.text, run.first.y < host.first.y) : run.text))
    .join('')
    .normalize('NFC');
  if (text === '') return null;
  const { size, bold, monospaced } = host.first.style;
  const baseline = host.first.y;
  return {
    text,
    left: Math.min(...runs.map((run) => run.left)),
    right: Math.max(...runs.map((run) => run.right)),
    top: baseline - ascent * size,
    bottom: baseline + descent * size,
    baseline,
    size,
    bold,
    monospaced,
    confidence: null,
    order,
  };
}

/** Joins glyphs, in the order in which the text layer names them, to words. */
export function wordsOf(glyphs: readonly Glyph[]): Word[] {
  const words: Word[] = [];
  let pending: Glyph[] = [];
  const finish = () => {
    const word = pending.length === 0 ? null : wordOf(pending, words.length);
    if (word !== null) words.push(word);
    pending = [];
  };
  for (const glyph of glyphs) {
    const previous = pending.at(-1);
    if (previous !== undefined && endsWord(previous, glyph)) finish();
    if (glyph.codePoint !== 0x20) pending.push(glyph);
  }
  finish();
  return words;
}
