import type { Block, BlockType } from '../../../core/document.ts';
import { normalizeText, textBlock } from '../blocks.ts';
import {
  closesFence,
  interruptsParagraph,
  isBlank,
  isHeading,
  isIndented,
  isIndentedCode,
  isQuote,
  isTableStart,
  isThematicBreak,
  listKind,
  openingFence,
  underlineLevel,
} from './lines.ts';

/** A block of `lines` that begins where it was looked for and ends before `end`. */
interface Span {
  type: BlockType;
  end: number;
  markdown: string;
}

/**
 * Top-level blocks of GitHub-flavoured Markdown, in order. No word is lost: what is nothing else is a paragraph.
 * Lists, tables, quotes and fenced code stay whole; underlined headings become `#` ones; rules (`---`) are dropped.
 */
export function blocksFromMarkdown(markdown: string): Block[] {
  const lines = normalizeText(markdown).split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (isBlank(line) || isThematicBreak(line)) {
      at += 1;
      continue;
    }
    const span = readBlock(lines, at);
    if (span.markdown !== '') blocks.push(textBlock(span.type, span.markdown));
    at = span.end;
  }
  return blocks;
}

function readBlock(lines: readonly string[], start: number): Span {
  const line = lines[start] ?? '';
  const taken = (type: BlockType, end: number) => ({
    type,
    end,
    markdown: lines.slice(start, end).join('\n').trimEnd(),
  });
  if (isIndentedCode(line)) return taken('code', endOfIndentedCode(lines, start));
  if (openingFence(line)) return taken('code', endOfFence(lines, start));
  if (isHeading(line)) return { ...taken('heading', start + 1), markdown: heading(line) };
  if (isQuote(line)) return taken('quote', endOfQuote(lines, start));
  if (listKind(line)) return taken('list', endOfList(lines, start));
  if (isTableStart(line, lines[start + 1])) return taken('table', endOfTable(lines, start));
  return readParagraph(lines, start);
}

/** A heading without text says nothing. */
function heading(line: string): string {
  return /^ {0,3}#+[ \t]*#*[ \t]*$/.test(line) ? '' : line.trim();
}

function endOfIndentedCode(lines: readonly string[], start: number): number {
  let end = start;
  for (let at = start; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (isIndentedCode(line)) end = at + 1;
    else if (!isBlank(line)) break;
  }
  return end;
}

/** Behind the line that closes the fence opened on `start`; the end of the text closes any. */
function endOfFence(lines: readonly string[], start: number): number {
  const marker = openingFence(lines[start] ?? '') ?? '';
  let at = start + 1;
  while (at < lines.length && !closesFence(lines[at] ?? '', marker)) at += 1;
  return Math.min(at + 1, lines.length);
}

function endOfQuote(lines: readonly string[], start: number): number {
  let at = start + 1;
  while (at < lines.length && (isQuote(lines[at] ?? '') || continuesParagraph(lines, at))) at += 1;
  return at;
}

function endOfTable(lines: readonly string[], start: number): number {
  let at = start + 2;
  while (at < lines.length && continuesParagraph(lines, at)) at += 1;
  return at;
}

/** A list goes on over indented lines, more items, and blank lines that one of these follows. */
function endOfList(lines: readonly string[], start: number): number {
  const kind = listKind(lines[start] ?? '');
  let end = start;
  for (let at = start; at < lines.length; ) {
    const line = lines[at] ?? '';
    const afterBlank = at > end;
    const item = listKind(line);
    const belongs =
      at === start ||
      isIndented(line) ||
      (item !== null && (item === kind || !afterBlank)) ||
      (!afterBlank && continuesParagraph(lines, at));
    if (isBlank(line)) at += 1;
    else if (!belongs) break;
    else {
      const opensFence = isIndented(line) && openingFence(line) !== null;
      at = opensFence ? endOfFence(lines, at) : at + 1;
      end = at;
    }
  }
  return end;
}

function readParagraph(lines: readonly string[], start: number): Span {
  let at = start + 1;
  while (at < lines.length && underlineLevel(lines[at] ?? '') === 0 && continuesParagraph(lines, at)) at += 1;
  const text = lines.slice(start, at).map((line) => line.trimStart());
  const level = underlineLevel(lines[at] ?? '');
  if (level === 0) return { type: 'paragraph', end: at, markdown: text.join('\n').trimEnd() };
  const heading = text.map((line) => line.trimEnd()).join(' ');
  return { type: 'heading', end: at + 1, markdown: `${'#'.repeat(level)} ${heading}` };
}

function continuesParagraph(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  return !(
    isBlank(line) ||
    openingFence(line) ||
    isHeading(line) ||
    isQuote(line) ||
    isThematicBreak(line) ||
    interruptsParagraph(line) ||
    isTableStart(line, lines[at + 1])
  );
}
