import type { ChunkIndex } from '../../adapters/elasticsearch/chunk-index.ts';
import type { ChunkRef } from '../../adapters/elasticsearch/chunk-ref.ts';
import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { SearchHit, SearchRequest } from '../../core/search.ts';
import { readPage } from './page.ts';
import type { WeightedLeg } from './plan.ts';
import { rank } from './rank.ts';
import { createSnapshot } from './snapshot.ts';

export interface FindDependencies {
  documents: DocumentRepository;
  chunkBatches: ChunkBatchRepository;
  chunkIndex: ChunkIndex;
}

/** Rounds after which a search answers what it has, though more might be found. */
const maxRounds = 5;

/**
 * The index proposes, the stored documents decide: what is not published, or gone since it was indexed, is left out,
 * and the index asked again without it, so that the page is full all the same.
 */
export async function findHits(
  deps: FindDependencies,
  request: SearchRequest,
  plan: readonly WeightedLeg[],
  collectionIds: readonly number[],
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const legs = plan.map(({ leg }) => leg);
  const snapshot = createSnapshot(deps, new Set(collectionIds));
  const excluded: { versions: ChunkRef[]; chunks: ChunkRef[] } = { versions: [], chunks: [] };
  for (let round = 1; ; round += 1) {
    const isLast = round === maxRounds;
    const lists = await deps.chunkIndex.search(legs, excluded, signal);
    await snapshot.learn(lists.flat());
    const hidden = lists.flat().filter((hit) => !snapshot.shows(hit));
    if (hidden.length === 0 || isLast) {
      const shown = lists.map((list) => list.filter((hit) => snapshot.shows(hit)));
      const page = rank(request, plan, shown).slice(request.offset, request.offset + request.limit);
      const chunks = await readPage(deps, page);
      const gone = page.filter((hit) => !chunks.has(hit));
      if (gone.length === 0 || isLast) {
        return page.flatMap((hit): SearchHit[] => {
          const chunk = chunks.get(hit);
          return chunk ? [{ method: request.method, score: hit.score, chunk, legs: hit.legs }] : [];
        });
      }
      excluded.chunks.push(...gone);
    }
    excluded.versions.push(...hidden);
  }
}
