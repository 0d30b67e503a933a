import type { ChunkRef } from '../../adapters/elasticsearch/chunk-ref.ts';
import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { Chunk } from '../../core/collection.ts';
import { chunkKey } from '../../core/fusion.ts';

/** The chunks behind the hits of a page, from where their text is kept; a hit that is gone has none. */
export async function readPage<Hit extends ChunkRef>(
  deps: { chunkBatches: ChunkBatchRepository },
  page: readonly Hit[],
): Promise<Map<Hit, Chunk>> {
  const wanted = Map.groupBy(page, (hit) => `${hit.documentId}:${hit.version}`);
  const keys = [...wanted.values()].flatMap((hits) => {
    const [first] = hits;
    if (!first) return [];
    const { documentId, version } = first;
    return [{ documentId, version, chunkIds: hits.map((hit) => hit.chunkId) }];
  });
  const stored = await deps.chunkBatches.findChunks(keys);
  const chunks = new Map(
    stored.map(({ version: _version, ...chunk }) => [chunkKey(chunk.documentId, chunk.id), chunk]),
  );
  return new Map(
    page.flatMap((hit) => {
      const chunk = chunks.get(chunkKey(hit.documentId, hit.chunkId));
      return chunk ? [[hit, chunk] as const] : [];
    }),
  );
}
