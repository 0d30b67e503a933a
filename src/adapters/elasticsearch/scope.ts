import type { estypes } from '@elastic/elasticsearch';
import type { SearchScope } from '../../core/search.ts';
import { type ChunkRef, formatRef, formatVersion } from './chunk-ref.ts';
import { metadataQuery } from './metadata-terms.ts';

/** What a search came upon and must not show: versions that are not published, chunks that are gone. */
export interface Exclusions {
  versions: readonly Pick<ChunkRef, 'documentId' | 'version'>[];
  chunks: readonly ChunkRef[];
}

/** More routing values than this reach every shard anyway. */
const maxRoutedCollections = 8;

/**
 * The filter that every query carries. A collection belongs to one owner for good and its id is never used again, so
 * its id stands for the owner too. An empty scope matches nothing.
 */
export function scopeFilter(scope: SearchScope, excluded: Exclusions): estypes.QueryDslQueryContainer {
  return {
    bool: {
      filter: [
        { terms: { collection_id: [...scope.collectionIds] } },
        ...(scope.documentIds.length > 0 ? [{ terms: { document_id: [...scope.documentIds] } }] : []),
        ...(scope.filter ? [metadataQuery(scope.filter)] : []),
      ],
      must_not: [
        ...(excluded.versions.length > 0
          ? [{ terms: { document_version: [...new Set(excluded.versions.map(formatVersion))] } }]
          : []),
        ...(excluded.chunks.length > 0 ? [{ terms: { ref: excluded.chunks.map(formatRef) } }] : []),
      ],
    },
  };
}

/** The shards that hold the scope. */
export function routingOf({ collectionIds }: SearchScope): { routing?: string } {
  return collectionIds.length <= maxRoutedCollections ? { routing: collectionIds.join(',') } : {};
}
