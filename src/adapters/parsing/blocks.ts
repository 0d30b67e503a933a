import type { Block, BlockType } from '../../core/document.ts';

/** A block that was read, not recognised. */
export function textBlock(type: BlockType, markdown: string): Block {
  return { type, markdown, method: 'text', confidence: null };
}

/** Line ends as `\n`, without NUL characters, which no store accepts. */
export function normalizeText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '');
}
