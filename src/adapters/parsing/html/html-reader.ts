import { readFile } from 'node:fs/promises';
import type { FormatReader } from '../format.ts';
import { blocksFromMarkdown } from '../markdown/blocks-from-markdown.ts';
import { detectEncoding } from '../text/encoding.ts';
import { requireTreeSize } from '../tree-size.ts';
import { htmlToMarkdown } from './html-to-markdown.ts';

/** One page is one part. */
export const htmlReader: FormatReader = {
  async inspect(path, limits) {
    await requireTreeSize(path, 'an HTML page', limits);
    return { parts: 1, unit: 'part' };
  },
  async *extract(path, _range, _options, limits) {
    await requireTreeSize(path, 'an HTML page', limits);
    const markdown = htmlToMarkdown(await readPage(path), limits.maxDepth);
    yield { number: 1, label: null, blocks: blocksFromMarkdown(markdown) };
  },
};

/** A page says its encoding itself where its bytes do not. */
async function readPage(path: string): Promise<string> {
  const detected = await detectEncoding(path);
  const bytes = await readFile(path);
  if (detected !== 'windows-1252') return new TextDecoder(detected).decode(bytes);
  const declared = /\b(?:charset|encoding)\s*=\s*["']?([\w:-]+)/i.exec(bytes.toString('latin1', 0, 1_024))?.[1];
  return decode(bytes, declared ?? detected) ?? new TextDecoder(detected).decode(bytes);
}

/** Null for an encoding that nobody knows. */
function decode(bytes: Buffer, label: string): string | null {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return null;
  }
}
