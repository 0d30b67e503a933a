import type { OfficeContentNode, OfficeParserAST } from 'officeparser';
import type { Block, Inspection } from '../../../core/document.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { FormatReader } from '../format.ts';
import type { ParsingLimits } from '../limits.ts';
import { type OfficeType, readTree } from './read-tree.ts';
import { blocksOfSheet } from './sheet-blocks.ts';
import { blocksOf } from './tree-to-blocks.ts';
import { applyWordStyles } from './word-styles.ts';

export const docxReader = wholeReader('docx', applyWordStyles);
export const odtReader = wholeReader('odt', async (content) => content.map(headingOfOdt));
export const epubReader = wholeReader('epub', async (content) => content);
export const pptxReader = partedReader('pptx', 'slide', blocksOfSlide);
export const xlsxReader = partedReader('xlsx', 'sheet', async (_tree, sheet) => blocksOfSheet(sheet));

type Content = readonly OfficeContentNode[];

/** A document that has no parts of its own is one. */
function wholeReader(
  type: OfficeType,
  prepare: (content: Content, path: string, limits: ParsingLimits) => Promise<Content>,
): FormatReader {
  return {
    async inspect(path, limits) {
      await readTree(path, type, limits);
      return { parts: 1, unit: 'part' };
    },
    async *extract(path, _range, _options, limits) {
      const tree = await readTree(path, type, limits);
      const content = await prepare(tree.content, path, limits);
      yield { number: 1, label: null, blocks: await blocksOf(tree, content) };
    },
  };
}

/** A part per slide or sheet; a file that has none is one empty part. */
function partedReader(
  type: OfficeType,
  unit: Extract<Inspection['unit'], 'slide' | 'sheet'>,
  toBlocks: (tree: OfficeParserAST, node: OfficeContentNode) => Promise<Block[]>,
): FormatReader {
  const nodesOf = (tree: OfficeParserAST) => tree.content.filter((node) => node.type === unit);
  return {
    async inspect(path, limits) {
      const parts = nodesOf(await readTree(path, type, limits)).length;
      if (parts > limits.maxPages) {
        throw new GatewayError(
          'document_too_large',
          `The file has ${parts} ${unit}s; at most ${limits.maxPages} are read.`,
        );
      }
      return { parts: Math.max(parts, 1), unit };
    },
    async *extract(path, { from, to }, _options, limits) {
      const tree = await readTree(path, type, limits);
      const nodes = nodesOf(tree);
      for (let number = from; number <= Math.min(to, Math.max(nodes.length, 1)); number += 1) {
        const node = nodes[number - 1];
        yield { number, label: node ? labelOf(node) : null, blocks: node ? await toBlocks(tree, node) : [] };
      }
    },
  };
}

async function blocksOfSlide(tree: OfficeParserAST, slide: OfficeContentNode): Promise<Block[]> {
  return await blocksOf(tree, [slide]);
}

/** A heading with a number is an item of a list to the library; a title is a paragraph. */
function headingOfOdt(node: OfficeContentNode): OfficeContentNode {
  if (node.type !== 'list' && node.type !== 'paragraph') return node;
  const { type: _type, metadata, ...paragraph } = node;
  const level = metadata?.style === 'Title' ? 1 : metadata && 'level' in metadata ? Number(metadata.level) : 0;
  return level > 0 ? { ...paragraph, type: 'heading', metadata: { level } } : node;
}

function labelOf(node: OfficeContentNode): string | null {
  if (node.type === 'sheet') return node.metadata?.sheetName ?? null;
  const title = node.children?.find(({ type }) => type === 'heading')?.text?.trim();
  return title ? title.replaceAll(/\s+/g, ' ') : null;
}
