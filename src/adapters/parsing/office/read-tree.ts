import { stat } from 'node:fs/promises';
import { type OfficeIssue, type OfficeParserAST, parseOffice } from 'officeparser';
import { GatewayError } from '../../../core/errors.ts';
import type { ParsingLimits } from '../limits.ts';
import { guardArchive } from './zip-guard.ts';

export type OfficeType = 'docx' | 'pptx' | 'xlsx' | 'odt' | 'epub';

/** Warnings after which text of the document is missing. */
const losses: ReadonlySet<string> = new Set([
  'TABLE_CELL_LIMIT_EXCEEDED',
  'REPEATED_CONTENT_LIMIT_EXCEEDED',
  'CONTENT_PART_NOT_READ',
]);

const chartPart = /^(?:ppt|word)\/charts\/chart\d+\.xml$/;

/** The tree of the file that was read last: an inspection and each range of parts ask for the same one. */
let last: { key: string; tree: Promise<OfficeParserAST> } | undefined;

/** The file as a tree, after `guardArchive` has let it pass. Shared: do not change it. */
export async function readTree(path: string, type: OfficeType, limits: ParsingLimits): Promise<OfficeParserAST> {
  const { size, mtimeMs } = await stat(path);
  const key = [path, type, size, mtimeMs].join('\n');
  if (last?.key !== key) last = { key, tree: parse(path, type, limits) };
  return await last.tree;
}

async function parse(path: string, type: OfficeType, limits: ParsingLimits): Promise<OfficeParserAST> {
  const names = await guardArchive(path, limits);
  const tree = await parseOffice(path, {
    fileType: type,
    ocr: false,
    // The numbers of a chart come as an attachment, and every picture with them: not without need.
    extractAttachments: names.some((name) => chartPart.test(name)),
    ignoreComments: true,
    ignoreHeadersAndFooters: true,
    ignoreSlideMasters: true,
    decompressionLimits: { maxUncompressedBytes: limits.maxArchiveBytes, maxZipEntries: limits.maxArchiveEntries },
  });
  refuseLosses(tree.warnings);
  return tree;
}

function refuseLosses(warnings: readonly OfficeIssue[]): void {
  const loss = warnings.find(({ code }) => losses.has(code));
  if (loss === undefined) return;
  throw new GatewayError('document_too_large', 'The file holds more tables or repeated content than is read.', {
    cause: loss.message,
  });
}
