import type { Client } from '@elastic/elasticsearch';
import { reaching } from './client.ts';
import { createDeletion } from './delete.ts';
import { createSearch } from './search.ts';
import { createSpaces, type EmbeddingSpace } from './space.ts';
import { createWriter } from './write.ts';

interface ChunkIndexSettings {
  indexPrefix: string;
  /** A search that takes longer is given up. */
  searchTimeoutMs: number;
}

/**
 * Chunks by meaning and by words. A projection of the chunks stored in MongoDB: it holds no truth of its own, may
 * lag behind, and can be made again. Everything throws `unavailable` while the engine is away.
 */
export function createChunkIndex(client: Client, { indexPrefix, searchTimeoutMs }: ChunkIndexSettings) {
  const spaces = createSpaces(client, indexPrefix);
  return {
    write: createWriter(client, spaces),
    search: createSearch(client, spaces, searchTimeoutMs),
    ...createDeletion(client, spaces),

    /** What has been written is found from here on. Once at the end of an ingestion, not per batch. */
    async refresh(space: EmbeddingSpace, signal: AbortSignal): Promise<void> {
      const where = { index: spaces.aliasOf(space), ignore_unavailable: true, allow_no_indices: true };
      await reaching(() => client.indices.refresh(where, { signal }));
    },

    /** Throws `unavailable` when the engine does not answer. */
    async ping(signal: AbortSignal): Promise<void> {
      await reaching(() => client.ping({}, { signal, requestTimeout: searchTimeoutMs }));
    },

    close: () => client.close(),
  };
}

export type ChunkIndex = ReturnType<typeof createChunkIndex>;
