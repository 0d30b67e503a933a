import type { estypes } from '@elastic/elasticsearch';

/** Part of every index's name: raise it with any change below, and fill the new indexes from the stored chunks. */
export const mappingVersion = 1;

/**
 * Sorted by collection, so that the chunks a search may see lie together. Replicas follow the size of the cluster.
 */
export const settings: estypes.IndicesIndexSettings = {
  number_of_shards: 1,
  auto_expand_replicas: '0-1',
  'sort.field': ['collection_id'],
  'sort.order': ['asc'],
};

/**
 * A chunk as the index knows it. Nothing is read back but `ref`: text and metadata come from the stored chunks, so
 * there is no `_source`. Quantised vectors without a graph: a search only ever looks at one tenant's part, which is
 * scanned faster than a graph is walked through a filter.
 */
export function mappings(dimensions: number): estypes.MappingTypeMapping {
  return {
    dynamic: false,
    _source: { enabled: false },
    _routing: { required: true },
    properties: {
      collection_id: { type: 'keyword' },
      document_id: { type: 'keyword' },
      version: { type: 'integer' },
      document_version: { type: 'keyword' },
      ref: { type: 'keyword' },
      content: { type: 'text', analyzer: 'english', fields: { plain: { type: 'text', analyzer: 'standard' } } },
      md: { type: 'keyword' },
      md_rev: { type: 'keyword' },
      embedding: {
        type: 'dense_vector',
        dims: dimensions,
        index: true,
        similarity: 'cosine',
        index_options: { type: 'int8_flat' },
      },
    },
  };
}
