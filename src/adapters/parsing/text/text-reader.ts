import type { Block } from '../../../core/document.ts';
import { normalizeText, textBlock } from '../blocks.ts';
import type { FormatReader } from '../format.ts';
import { type CutRule, countSlices, cutAnywhere, slicedParts } from './slices.ts';

/**
 * Plain text: one block per paragraph, line breaks kept. Characters that mean something in Markdown are not escaped,
 * so that what people search for is what they wrote.
 */
export const textReader: FormatReader = {
  inspect: (path, limits) => countSlices(path, limits, textCut),
  extract: (path, range, _options, limits) => slicedParts({ path, limits, rule: textCut }, range, paragraphs),
};

/** Blank lines and page breaks part paragraphs. */
export function paragraphs(text: string): Block[] {
  const found: string[][] = [[]];
  for (const line of normalizeText(text).replaceAll('\f', '\n\n').split('\n')) {
    if (line.trim() === '') found.push([]);
    else found.at(-1)?.push(line.trimEnd());
  }
  return found.filter((lines) => lines.length > 0).map((lines) => textBlock('paragraph', lines.join('\n')));
}

export const textCut: CutRule = { find: behindParagraph, force: cutAnywhere };

/** Behind the last blank line, if that wastes less than half, else behind the last line. */
function behindParagraph(text: string): number {
  const blankLine = Math.max(afterLast(text, '\n\n'), afterLast(text, '\n\r\n'));
  return blankLine > text.length / 2 ? blankLine : afterLast(text, '\n');
}

function afterLast(text: string, found: string): number {
  const index = text.lastIndexOf(found);
  return index < 0 ? 0 : index + found.length;
}
