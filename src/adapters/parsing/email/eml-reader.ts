import { readFile } from 'node:fs/promises';
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import type { Block } from '../../../core/document.ts';
import { GatewayError } from '../../../core/errors.ts';
import { textBlock } from '../blocks.ts';
import type { FormatReader } from '../format.ts';
import { htmlToMarkdown } from '../html/html-to-markdown.ts';
import type { ParsingLimits } from '../limits.ts';
import { blocksFromMarkdown } from '../markdown/blocks-from-markdown.ts';
import { paragraphs } from '../text/text-reader.ts';
import { requireTreeSize } from '../tree-size.ts';

/** One message is one part: subject, who and when, the body, and the names of what is attached. */
export const emlReader: FormatReader = {
  async inspect(path, limits) {
    await requireTreeSize(path, 'an e-mail message', limits);
    return { parts: 1, unit: 'part' };
  },
  async *extract(path, _range, _options, limits) {
    await requireTreeSize(path, 'an e-mail message', limits);
    const message = await readMessage(path, limits);
    const blocks = [...heading(message), ...body(message, limits), ...attachments(message.attachments)];
    yield { number: 1, label: null, blocks };
  },
};

async function readMessage(path: string, { maxDepth }: ParsingLimits): Promise<Email> {
  const bytes = await readFile(path);
  return await PostalMime.parse(bytes, { maxNestingDepth: maxDepth }).catch((cause) => {
    throw new GatewayError(
      'unprocessable_document',
      `The e-mail message could not be read: it is damaged, or its parts nest more than ${maxDepth} levels deep.`,
      { cause },
    );
  });
}

function heading({ subject, from, to, cc, date }: Email): Block[] {
  const lines = [
    ['From', from ? addresses([from]) : ''],
    ['To', addresses(to ?? [])],
    ['Cc', addresses(cc ?? [])],
    ['Date', date ?? ''],
  ].flatMap(([name, value]) => (value ? [`**${name}:** ${oneLine(value)}`] : []));
  return [
    ...(subject?.trim() ? [textBlock('heading', `# ${oneLine(subject)}`)] : []),
    ...(lines.length > 0 ? [textBlock('paragraph', lines.join('  \n'))] : []),
  ];
}

/** The formatted body where there is one: the plain one beside it is often a stump. */
function body({ html, text }: Email, { maxDepth }: ParsingLimits): Block[] {
  const formatted = html ? blocksFromMarkdown(htmlToMarkdown(html, maxDepth)) : [];
  return formatted.length > 0 ? formatted : paragraphs(text ?? '');
}

function attachments(attached: readonly Attachment[]): Block[] {
  const named = attached.filter(({ related }) => !related);
  if (named.length === 0) return [];
  const items = named.map(({ filename, mimeType }) => `- ${oneLine(filename ?? 'unnamed')} (${oneLine(mimeType)})`);
  return [textBlock('paragraph', '**Attachments:**'), textBlock('list', items.join('\n'))];
}

function addresses(list: readonly Address[]): string {
  return list
    .flatMap((address) => address.group ?? [address])
    .map(({ name, address }) => (name ? `${name} <${address}>` : (address ?? '')))
    .join(', ');
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
