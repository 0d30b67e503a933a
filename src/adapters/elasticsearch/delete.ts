import type { Client, estypes } from '@elastic/elasticsearch';
import { type ChunkRef, formatRef } from './chunk-ref.ts';
import { reaching } from './client.ts';
import type { EmbeddingSpace, Spaces } from './space.ts';

/** Per request, so that none takes long. */
const maxChunks = 10_000;

/** What to take out of the index. */
export type DeletedChunks =
  | { of: 'collection'; collectionId: number }
  | { of: 'document'; collectionId: number; documentId: number }
  /** Every version under `belowVersion` but `keep`. */
  | { of: 'versions'; collectionId: number; documentId: number; belowVersion: number; keep: number | null }
  | { of: 'chunks'; collectionId: number; documentId: number; version: number; chunkIds: readonly number[] };

export function createDeletion(client: Client, spaces: Spaces) {
  return {
    /** Deletes what has been written so far; false when there is more than one request may take on. Safe to repeat. */
    async deleteChunks(chunks: DeletedChunks, signal: AbortSignal): Promise<boolean> {
      const options = { signal };
      const where = { index: spaces.everyIndex, ignore_unavailable: true, allow_no_indices: true };
      // The deletion searches first, and what is not refreshed is not found.
      await reaching(() => client.indices.refresh(where, options));
      const answer = await reaching(() =>
        client.deleteByQuery(
          {
            ...where,
            routing: String(chunks.collectionId),
            query: queryOf(chunks),
            max_docs: maxChunks,
            conflicts: 'proceed',
            refresh: true,
          },
          options,
        ),
      );
      return (answer.total ?? 0) < maxChunks && (answer.version_conflicts ?? 0) === 0;
    },

    /** Takes one chunk out; when this returns no search finds it. */
    async deleteChunk(space: EmbeddingSpace, collectionId: number, ref: ChunkRef, signal: AbortSignal): Promise<void> {
      const target = { index: spaces.aliasOf(space), id: formatRef(ref), routing: String(collectionId) };
      await reaching(() => client.delete({ ...target, refresh: true }, { signal, ignore: [404] }));
    },
  };
}

function queryOf(chunks: DeletedChunks): estypes.QueryDslQueryContainer {
  const within: estypes.QueryDslQueryContainer = { term: { collection_id: chunks.collectionId } };
  switch (chunks.of) {
    case 'collection':
      return within;
    case 'document':
      return { bool: { filter: [within, { term: { document_id: chunks.documentId } }] } };
    case 'versions': {
      const older = { range: { version: { lt: chunks.belowVersion } } };
      const must_not = chunks.keep === null ? [] : [{ term: { version: chunks.keep } }];
      return { bool: { filter: [within, { term: { document_id: chunks.documentId } }, older], must_not } };
    }
    case 'chunks': {
      const refs = chunks.chunkIds.map((chunkId) => formatRef({ ...chunks, chunkId }));
      return { bool: { filter: [within, { terms: { ref: refs } }] } };
    }
  }
}
