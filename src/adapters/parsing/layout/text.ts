import type { Word } from './page.ts';

const softHyphen = '\u00ad';
/** Dots that lead the eye to a page number. */
const leaders = /(?:\s?[.·…_]){4,}/g;
export const hasLeaders = (text: string): boolean => text.search(leaders) >= 0;
/** Scripts that are written without spaces between words. */
const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\uff66-\uff9d]/;

const needsSpace = (before: string, after: string): boolean =>
  !(unspaced.test(before.at(-1) ?? '') && unspaced.test(after.at(0) ?? ''));

/** The text of words on one line. A hyphen that divides the last word stays, as a soft hyphen. */
export function textOf(words: readonly Word[]): string {
  let text = '';
  for (const word of words) {
    if (text !== '' && needsSpace(text, word.text)) text += ' ';
    text += word.text;
  }
  return text.replaceAll(/\u00ad(?=.)/g, '').replaceAll(leaders, ' ...');
}

/** Words that were seen in a document, as evidence of how a word divided between lines is written. */
export type Vocabulary = ReadonlySet<string>;

const letters = /[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu;

/** The words of lines, but for the first and the last of each: those may be halves. */
export function vocabularyOf(lines: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const line of lines) {
    const inner = line.replace(/^\S+\s/, '').replace(/[\p{L}\p{M}-]+[-\u00ad]$/u, '');
    for (const [word] of inner.matchAll(letters)) words.add(word.toLowerCase());
  }
  return words;
}

const compoundHeads =
  /^(?:self|non|well|high|low|long|short|real|cross|half|all|ex|multi|inter|intra|co|e|on|off|in|up)$/i;
const compoundTails =
  /^(?:based|centric|driven|like|free|level|time|scale|oriented|specific|aware|wise|class|friendly|only|style|related|dependent|independent|defined|optimized|trained|term|line|of)/i;

/** Whether the hyphen between the halves of a divided word belongs to the word. */
function keepsHyphen(head: string, tail: string, vocabulary: Vocabulary): boolean {
  const whole = `${head}${tail}`.toLowerCase();
  if (vocabulary.has(whole)) return false;
  if (vocabulary.has(`${head}-${tail}`.toLowerCase())) return true;
  if (head.includes('-') || compoundHeads.test(head) || compoundTails.test(tail)) return true;
  return tail.length > 2 && head.length > 2 && vocabulary.has(head.toLowerCase()) && vocabulary.has(tail.toLowerCase());
}

const dividedHead = /([\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*)([-\u00ad‐])$/u;
const dividedTail = /^[\p{Ll}\p{M}\p{Lo}]+/u;

/** How a line goes on from the one before it: how many characters of that are dropped, and what stands between. */
interface Seam {
  dropped: number;
  glue: string;
}

function seamOf(before: string, after: string, vocabulary: Vocabulary): Seam {
  const head = dividedHead.exec(before);
  const tail = dividedTail.exec(after);
  if (head !== null && tail !== null) {
    return { dropped: 1, glue: keepsHyphen(head[1] ?? '', tail[0], vocabulary) ? '-' : '' };
  }
  if (before.endsWith(softHyphen)) return { dropped: 1, glue: '-' };
  // A hyphen before a digit or a capital letter belongs to the text, and no space follows it.
  if (/[\p{L}\p{N}]-$/u.test(before) && /^[\p{L}\p{N}]/u.test(after)) return { dropped: 0, glue: '' };
  return { dropped: 0, glue: needsSpace(before, after) ? ' ' : '' };
}

/** Joins the lines of one text: a divided word becomes whole, otherwise a space stands between. */
export function joinLines(lines: readonly string[], vocabulary: Vocabulary): string {
  const pieces: string[] = [];
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (before !== undefined) {
      const { dropped, glue } = seamOf(before, line, vocabulary);
      if (dropped > 0) pieces.push(pieces.pop()?.slice(0, -dropped) ?? '');
      pieces.push(glue);
    }
    pieces.push(line);
  });
  // A soft hyphen that was not followed by the rest of its word is an ordinary one.
  return pieces.join('').replaceAll(softHyphen, '-');
}
