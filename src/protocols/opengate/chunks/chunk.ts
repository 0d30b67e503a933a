import { z } from 'zod';
import type { Chunk } from '../../../core/collection.ts';
import { pathId, pathIndex, toSeconds } from '../fields.ts';

const source = z.object({
  from_page: z.int().describe('The first page, sheet, slide or part that the text was taken from.'),
  to_page: z.int(),
  start: z.int().describe('Offset in the Markdown of the document, in UTF-16 units.'),
  end: z.int(),
});

export const chunk = z.object({
  object: z.literal('chunk'),
  id: z.int().describe('Counts from 0 within its document.'),
  collection_id: z.int(),
  document_id: z.int(),
  content: z.string(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  created: z.int(),
  source: source.nullable().describe('Where the text came from; null for a chunk that was posted.'),
});

export function presentChunk(stored: Chunk): z.input<typeof chunk> {
  return {
    object: 'chunk',
    id: stored.id,
    collection_id: stored.collectionId,
    document_id: stored.documentId,
    content: stored.content,
    metadata: stored.metadata,
    created: toSeconds(stored.createdAt),
    source: stored.source && {
      from_page: stored.source.fromPart,
      to_page: stored.source.toPart,
      start: stored.source.start,
      end: stored.source.end,
    },
  };
}

export const documentParams = z.object({ document_id: pathId });
export const chunkParams = z.object({ document_id: pathId, chunk_id: pathIndex });
