/**
 * What Python's `str.strip` and `\s` call white space. It is not JavaScript's set: the four information separators
 * and NEL belong to it, the byte order mark does not. All of it is in the basic plane: one UTF-16 unit each.
 */
export const whiteSpaceClass = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

export function isWhiteSpace(unit: number): boolean {
  if (unit <= 0x20) return unit >= 0x1c || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  if (unit <= 0x200a) return unit === 0x1680 || unit >= 0x2000;
  return unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/** Narrows `[start, end)` past the white space at both its ends; null when nothing is left. */
export type Trimmer = (start: number, end: number) => { start: number; end: number } | null;

/**
 * A trimmer of one text that remembers the last white space it crossed at either end. Asked in order, as a splitter
 * does, all its answers together cost one pass over the text, however many overlapping spans there are.
 */
export function createTrimmer(text: string): Trimmer {
  let headFrom = 0;
  let headTo = 0;
  let tailFrom = 0;
  let tailTo = 0;

  return (start, end) => {
    if (start < headFrom || start > headTo) headTo = start;
    headFrom = start;
    while (headTo < text.length && isWhiteSpace(text.charCodeAt(headTo))) headTo += 1;
    if (headTo >= end) return null;

    let trimmedEnd = end;
    while (trimmedEnd !== tailTo && isWhiteSpace(text.charCodeAt(trimmedEnd - 1))) trimmedEnd -= 1;
    if (trimmedEnd === tailTo) trimmedEnd = tailFrom;
    tailFrom = trimmedEnd;
    tailTo = end;
    return { start: headTo, end: trimmedEnd };
  };
}
