import type { ExtractionRepository } from '../../adapters/mongo/extractions.ts';
import type { Config } from '../../config.ts';
import type { DocumentPart } from '../../core/document.ts';
import { assertThat } from '../../core/errors.ts';
import type { Ingestion } from './ingestion.ts';

interface Dependencies {
  config: Pick<Config, 'documents'>;
  extractions: ExtractionRepository;
}

/** Throws `document_too_large` when all steps together have read more than a document may hold. */
export async function requireMarkdownBytes(
  deps: Dependencies,
  { job, documentId, version }: Pick<Ingestion, 'job' | 'documentId' | 'version'>,
): Promise<number> {
  const bytes = await deps.extractions.markdownBytes(job.ownerId, documentId, version);
  requireFit(bytes, deps.config.documents.maxMarkdownBytes);
  return bytes;
}

/** Counts the Markdown of parts as they pass, from what other steps have stored; throws at the first part too many. */
export async function* countMarkdown(
  parts: AsyncIterable<DocumentPart>,
  stored: number,
  maxBytes: number,
  onPart: (bytes: number) => void,
): AsyncIterable<DocumentPart> {
  let total = stored;
  for await (const part of parts) {
    const bytes = part.blocks.reduce((sum, block) => sum + Buffer.byteLength(block.markdown), 0);
    total += bytes;
    requireFit(total, maxBytes);
    onPart(bytes);
    yield part;
  }
}

function requireFit(bytes: number, maxBytes: number): void {
  assertThat(
    bytes <= maxBytes,
    'document_too_large',
    `The document holds more than ${maxBytes} bytes of text; at most that much is read from one document.`,
    { param: 'file' },
  );
}
