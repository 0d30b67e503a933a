/** What one line of GitHub-flavoured Markdown can begin. Every pattern is linear in the length of the line. */

const atxHeading = /^ {0,3}#{1,6}(?=[ \t]|$)/;
const fence = /^[ \t]*(`{3,}|~{3,})(.*)$/;
const thematicBreak = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const listItem = /^ {0,3}(?:[-+*]|(\d{1,9})[.)])(?:[ \t]+(\S?)|$)/;

export const isBlank = (line: string): boolean => line.trim() === '';
export const isHeading = (line: string): boolean => atxHeading.test(line);
export const isQuote = (line: string): boolean => /^ {0,3}>/.test(line);
export const isThematicBreak = (line: string): boolean => thematicBreak.test(line);
export const isIndentedCode = (line: string): boolean => /^(?: {4}| {0,3}\t)/.test(line) && !isBlank(line);
export const isIndented = (line: string): boolean => /^(?: {2}|\t)/.test(line);

/** The marker that opens a code fence, or null. A fence of backticks has none in its info string. */
export function openingFence(line: string): string | null {
  const [, marker = '', info = ''] = fence.exec(line) ?? [];
  return marker === '' || (marker.startsWith('`') && info.includes('`')) ? null : marker;
}

export function closesFence(line: string, marker: string): boolean {
  const [, found = '', info = ''] = fence.exec(line) ?? [];
  return found.startsWith(marker) && isBlank(info);
}

export type ListKind = 'bullet' | 'ordered';

export function listKind(line: string): ListKind | null {
  const item = listItem.exec(line);
  if (!item || isThematicBreak(line)) return null;
  return item[1] === undefined ? 'bullet' : 'ordered';
}

/** In the middle of a paragraph only an item that says something, and a first one, begins a list. */
export function interruptsParagraph(line: string): boolean {
  const [, number = '1', content = ''] = listItem.exec(line) ?? [];
  return number === '1' && content !== '';
}

/** The level of the heading that this line makes of the paragraph above it, or 0. */
export function underlineLevel(line: string): 0 | 1 | 2 {
  if (/^ {0,3}=+[ \t]*$/.test(line)) return 1;
  return /^ {0,3}-+[ \t]*$/.test(line) ? 2 : 0;
}

/** Whether `line` and the one below it are the head and the rule of a table. */
export function isTableStart(line: string, below: string | undefined): boolean {
  if (below === undefined || !(line.includes('|') || below.includes('|'))) return false;
  const rule = cells(below);
  return rule.every((cell) => /^:?-+:?$/.test(cell)) && cells(line).length === rule.length;
}

function cells(row: string): string[] {
  const inner = row.trim().replace(/^\|/, '');
  return inner
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
