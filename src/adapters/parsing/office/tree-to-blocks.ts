import { type OfficeContentNode, OfficeGenerator, type OfficeParserAST } from 'officeparser';
import type { Block } from '../../../core/document.ts';
import { blocksFromMarkdown } from '../markdown/blocks-from-markdown.ts';
import { tablesOf } from '../markdown/table.ts';
import { withoutLayoutTables } from './layout-tables.ts';

type ChartData = NonNullable<OfficeParserAST['attachments'][number]['chartData']>;

const frontMatter = /^---\n[\s\S]*?\n---\n/;

/** `content`, nodes of `tree`, as blocks. Pictures give their description, charts their numbers. */
export async function blocksOf(tree: OfficeParserAST, content: readonly OfficeContentNode[]): Promise<Block[]> {
  const charts = new Map(tree.attachments.map(({ name, chartData }) => [name, chartData]));
  const { value } = await OfficeGenerator.generate({ ...tree, content: withoutLayoutTables(content) }, 'md', {
    generateIds: false,
    ignoreInternalLinks: true,
    includeImages: true,
    mdConfig: {
      dialect: 'github',
      fallbackToHtml: {
        textFormatting: false,
        alignment: false,
        anchors: false,
        tables: false,
        cellLineBreaks: true,
        itemLineBreaks: true,
      },
    },
    onNode(node) {
      if (node.type === 'image') return pictureText(node.metadata?.altText ?? '');
      if (node.type === 'chart') return chartTable(charts.get(node.metadata?.attachmentName ?? ''), node.text ?? '');
      return undefined;
    },
  });
  return blocksFromMarkdown(value.replace(frontMatter, '')).map(cleaned);
}

function cleaned(block: Block): Block {
  if (block.type === 'code') return block;
  const text = unescapeText(block.markdown);
  const markdown = block.type === 'table' ? text.replaceAll(emptyRow, '') : text.replaceAll('\\|', '|');
  return { ...block, markdown };
}

function pictureText(description: string): string {
  return description.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

/** One row per label, one column per series; where that fails, all words of the chart. */
function chartTable(chart: ChartData | undefined, text: string): string {
  if (chart === undefined || chart.dataSets.length === 0) return `\n\n${pictureText(text)}\n\n`;
  const head = [chart.xAxisTitle ?? '', ...chart.dataSets.map(({ name }) => name ?? '')];
  const length = Math.max(chart.labels.length, ...chart.dataSets.map(({ values }) => values.length));
  const rows = Array.from({ length }, (_, index) => [
    chart.labels[index] ?? '',
    ...chart.dataSets.map(({ values }) => values[index] ?? ''),
  ]);
  const title = chart.title ? [pictureText(chart.title)] : [];
  return `\n\n${[...title, ...tablesOf(head, rows)].join('\n\n')}\n\n`;
}

const emptyRow = /\n\|[ |]*\|(?=\n|$)/g;
const codeOrEscape = /(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\\([!-/:-@[\]^_`{}~])/g;

/** A link to another file of the same archive leads nowhere from here. */
const linkWithin = /(?<!\\)\[((?:[^[\]\\]|\\.)*)\]\((?!https?:|mailto:)[^()\s]*\)/g;

/**
 * The library escapes whatever could be markup, so that prices and citations are full of backslashes. Blocks are told
 * apart by now; only a cell's end must stay escaped. Code spans are as they were written.
 */
function unescapeText(markdown: string): string {
  return markdown
    .replaceAll(linkWithin, '$1')
    .replaceAll(codeOrEscape, (found, _fence, character) => character ?? found)
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
