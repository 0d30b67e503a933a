import { type Box, quantile, widthOf } from './geometry.ts';
import type { Line } from './line.ts';
import { joinLines, type Vocabulary } from './text.ts';

/** Width of a space between words, as a share of an em. */
const space = 0.25;
/** Mean characters of a line from which text is prose, whose short lines end paragraphs. */
const proseLength = 45;
/** Share of its column that a line takes when it was ended for want of room. */
const fullLine = 0.8;
/** Ems. Lines in less than this are an address, a list of dates and the like. */
const narrowestColumn = 14;

const reversed = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** An entry of a table of contents: its line ends with it. */
export const isContents = (text: string): boolean => / \.\.\. \S{1,7}$/.test(text);

/** Whether the first word of `next` had room on `line`: then the line was ended on purpose. */
export function endsEarly(line: Line, next: Line, column: Pick<Box, 'left' | 'right'>): boolean {
  const word = next.words[0];
  if (isContents(line.text)) return true;
  if (word === undefined || /[\u00ad-]$/.test(line.text)) return false;
  const free = reversed.test(line.text) ? line.left - column.left : column.right - line.right;
  return free > widthOf(word) + 2 * space * line.size;
}

/** A divided word goes on, and so does a line that ends within a sentence when the next begins in small letters. */
function runsOn(line: Line, next: Line, column: Pick<Box, 'left' | 'right'>): boolean {
  if (!/^\p{Ll}/u.test(next.text)) return false;
  if (/\p{L}[\u00ad-]$/u.test(line.text)) return true;
  return /[\p{L},]$/u.test(line.text) && widthOf(line) > 0.5 * (column.right - column.left);
}

const meanLength = (lines: readonly Line[]): number =>
  lines.reduce((sum, line) => sum + line.text.length, 0) / Math.max(1, lines.length);

export const isProse = (lines: readonly Line[]): boolean => meanLength(lines) >= proseLength;

/** Short lines that were wrapped come close to the width of their column; otherwise all were ended on purpose. */
function isWrapped(lines: readonly Line[], column: Pick<Box, 'left' | 'right'>): boolean {
  const width = column.right - column.left;
  if (width < narrowestColumn * (lines[0]?.size ?? 1)) return false;
  const full = lines.slice(0, -1).filter((line) => widthOf(line) > fullLine * width).length;
  return full >= 0.5 * (lines.length - 1);
}

/** Text that is narrower than its column is wrapped at a width of its own when nearly all its lines reach that. */
function ownColumn(lines: readonly Line[], column: Pick<Box, 'left' | 'right'>): Pick<Box, 'left' | 'right'> {
  if (lines.length < 3 || meanLength(lines) < proseLength) return column;
  const own = {
    left: Math.min(...lines.map((line) => line.left)),
    right: quantile(
      lines.map((line) => line.right),
      0.95,
    ),
  };
  const early = lines.slice(0, -1).filter((line, index) => endsEarly(line, lines[index + 1] ?? line, own)).length;
  return early <= 0.15 * (lines.length - 1) ? own : column;
}

/** Joins wrapped lines: one text for each line that was meant. */
export function unwrap(lines: readonly Line[], column: Pick<Box, 'left' | 'right'>, vocabulary: Vocabulary): string[] {
  const bounds = ownColumn(lines, column);
  const wrapped = isProse(lines) || isWrapped(lines, bounds);
  const texts: string[][] = [];
  lines.forEach((line, index) => {
    const previous = lines[index - 1];
    const ended = previous === undefined || !wrapped || endsEarly(previous, line, bounds);
    const last = texts.at(-1);
    if (last === undefined || (ended && previous !== undefined && !runsOn(previous, line, bounds)))
      texts.push([line.text]);
    else last.push(line.text);
  });
  return texts.map((text) => joinLines(text, vocabulary));
}
