import type { BatchChunk } from '../../adapters/mongo/library-record.ts';
import type { DocumentSplitter } from '../../adapters/parsing/text-splitter.ts';
import { assertThat } from '../../core/errors.ts';
import { tooManyChunks } from '../../core/splitter/split.ts';
import { partsOf, type Section } from './sections.ts';

export interface ChunkLimits {
  /** Of one document. */
  maxChunks: number;
  /** UTF-8 bytes of all chunks of one document together. */
  maxChunkTextBytes: number;
}

const mebibyte = 1024 * 1024;

/** Chunks per batch: one call of the embedding model, one bulk request. */
export const batchSize = 32;
/** Text of a batch of several chunks. A stored batch is one document of the store, which takes 16 MiB. */
export const maxBatchBytes = 8 * mebibyte;
/** Text of a chunk, which may be alone in its batch. */
export const maxChunkBytes = 15 * mebibyte;

/**
 * Cuts sections into chunks and hands them out in batches, numbered from 0 without gaps; a chunk of white space is left
 * out. Throws `document_too_large` beyond a limit, and what `splitter` throws.
 */
export async function* batchesOf(
  sections: AsyncIterable<Section>,
  splitter: DocumentSplitter,
  metadata: BatchChunk['metadata'],
  limits: ChunkLimits,
  signal: AbortSignal,
): AsyncIterable<BatchChunk[]> {
  let batch: BatchChunk[] = [];
  let batchBytes = 0;
  let chunks = 0;
  let bytes = 0;

  for await (const section of sections) {
    for (const { start, end } of await splitter.split(section.text, signal)) {
      const content = section.text.slice(start, end);
      if (content.trim() === '') continue;
      if (chunks === limits.maxChunks) throw tooManyChunks(limits.maxChunks);
      const chunkBytes = Buffer.byteLength(content);
      bytes += chunkBytes;
      requireBytes(chunkBytes, bytes, limits);
      if (batch.length === batchSize || (batch.length > 0 && batchBytes + chunkBytes > maxBatchBytes)) {
        yield batch;
        batch = [];
        batchBytes = 0;
      }
      batch.push({ id: chunks, content, metadata, source: sourceOf(section, start, end) });
      batchBytes += chunkBytes;
      chunks += 1;
    }
  }
  if (batch.length > 0) yield batch;
}

function requireBytes(chunkBytes: number, bytes: number, { maxChunkTextBytes }: ChunkLimits): void {
  assertThat(
    chunkBytes <= maxChunkBytes,
    'document_too_large',
    `A chunk of the document has ${chunkBytes} bytes, at most ${maxChunkBytes} can be stored; choose a smaller \`chunk_size\`.`,
  );
  assertThat(
    bytes <= maxChunkTextBytes,
    'document_too_large',
    `The chunks of the document have more than ${maxChunkTextBytes} bytes together; choose a smaller \`chunk_overlap\`.`,
  );
}

function sourceOf(section: Section, start: number, end: number): BatchChunk['source'] {
  return { ...partsOf(section, start, end), start: section.start + start, end: section.start + end };
}
