import type { Block, ExtractionMethod } from '../../../core/document.ts';
import type { DraftBlock } from './blocks.ts';
import { median } from './geometry.ts';
import { layOut, linesOfPage } from './layout.ts';
import type { PositionedPage, Word } from './page.ts';
import { baseStyle, type DocumentStyle, defaultHeadingRatio, withHeadings } from './style.ts';
import { type Vocabulary, vocabularyOf } from './text.ts';

/** What a page needs to know of its document. */
export interface DocumentContext {
  style: DocumentStyle;
  vocabulary: Vocabulary;
}

const sizeOf = (block: DraftBlock): number => median(block.words.map((word) => word.size));

/** Learns the style and the words of a document from some of its pages. */
export function contextOf(pages: readonly PositionedPage[], headingRatio = defaultHeadingRatio): DocumentContext {
  const lines = pages.map(linesOfPage);
  const vocabulary = vocabularyOf(lines.flat().map((line) => line.text));
  const style = baseStyle(lines, headingRatio);
  const drafts = pages.flatMap((page) => layOut(page, style, vocabulary));
  return { style: withHeadings(style, drafts.filter((block) => block.type === 'heading').map(sizeOf)), vocabulary };
}

function confidenceOf(words: readonly Word[]): number | null {
  const known = words.filter((word) => word.confidence !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, word) => sum + (word.confidence ?? 0), 0) / known.length;
  return Math.round(mean * 1000) / 1000;
}

/** The blocks of a page in reading order. */
export function blocksOfPage(page: PositionedPage, context: DocumentContext, method: ExtractionMethod): Block[] {
  const drafts = layOut(page, context.style, context.vocabulary);
  return drafts.map(({ type, markdown, words }) => ({ type, markdown, method, confidence: confidenceOf(words) }));
}
