import type { ChunkIndex } from '../../adapters/elasticsearch/chunk-index.ts';
import type { ChunkRef } from '../../adapters/elasticsearch/chunk-ref.ts';
import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { SearchHit, SearchRequest } from '../../core/search.ts';
import { readPage } from './page.ts';
import type { WeightedLeg } from './plan.ts';
import { rankPage } from './rank.ts';
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
    const page = rankPage(request, plan, lists);
    const [chunks] = await Promise.all([readPage(deps, page), snapshot.learn(page)]);
    if (!isLast && !page.every(snapshot.shows)) {
      const all = lists.flat();
      await snapshot.learn(all);
      excluded.versions.push(...all.filter((hit) => !snapshot.shows(hit)));
      continue;
    }
    if (!isLast && chunks.size < page.length) {
      excluded.chunks.push(...page.filter((hit) => !chunks.has(hit)));
      continue;
    }
    return page.flatMap((hit): SearchHit[] => {
      const chunk = snapshot.shows(hit) ? chunks.get(hit) : undefined;
      return chunk ? [{ method: request.method, score: hit.score, chunk, legs: hit.legs }] : [];
    });
  }
}
