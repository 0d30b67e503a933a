import type { Block } from '../../../core/document.ts';
import { normalizeText, textBlock } from '../blocks.ts';
import type { FormatReader } from '../format.ts';
import { type CutRule, countSlices, cutAnywhere, slicedParts } from '../text/slices.ts';
import { blocksFromMarkdown } from './blocks-from-markdown.ts';
import { closesFence, isBlank, isHeading, isIndented, listKind, openingFence } from './lines.ts';

/** Markdown as it was written, block by block. Front matter becomes a block of YAML code. */
export const markdownReader: FormatReader = {
  inspect: (path, limits) => countSlices(path, limits, markdownCut),
  extract: (path, range, _options, limits) => slicedParts({ path, limits, rule: markdownCut }, range, markdownBlocks),
};

const markdownCut: CutRule = { find: betweenBlocks, force: cutAnywhere };

const frontMatter = /^---[ \t]*\n((?:(?!---|\.\.\.).*\n)*)(?:---|\.\.\.)[ \t]*(?:\n|$)/;

export function markdownBlocks(slice: string): Block[] {
  const text = normalizeText(slice);
  const found = frontMatter.exec(text);
  if (!found?.[1] || !/^\s*[\w-]+\s*:/m.test(found[1])) return blocksFromMarkdown(text);
  const yaml = textBlock('code', `\`\`\`yaml\n${found[1].trimEnd()}\n\`\`\``);
  return [yaml, ...blocksFromMarkdown(text.slice(found[0].length))];
}

/** Before the last heading, if that wastes less than half, else between two blocks; never within fenced code. */
function betweenBlocks(text: string): number {
  let heading = 0;
  let gap = 0;
  let fence: string | null = null;
  let afterBlank = false;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    const line = text.slice(start, end).trimEnd();
    if (fence !== null) {
      if (closesFence(line, fence)) fence = null;
    } else {
      if (isHeading(line)) heading = start;
      if (afterBlank && !isBlank(line) && !isIndented(line) && !listKind(line)) gap = start;
      fence = openingFence(line);
    }
    afterBlank = isBlank(line);
    start = end + 1;
  }
  return heading > text.length / 2 ? heading : gap;
}
