import type { estypes } from '@elastic/elasticsearch';
import { type Comparison, type Metadata, type MetadataFilter, metadataText } from '../../core/metadata.ts';

/** Keys hold no null character, so the first one of a term ends its key. */
const separator = '\0';

/**
 * Metadata as terms: `key␀value` answers equals, starts with and contains; `key␀` with the value reversed answers ends
 * with as a prefix, where a leading wildcard would read every term.
 */
export function metadataTerms(metadata: Metadata | null): { md: string[]; md_rev: string[] } {
  const entries = Object.entries(metadata ?? {});
  return {
    md: entries.map(([key, value]) => key + separator + metadataText(value)),
    md_rev: entries.map(([key, value]) => key + separator + reversed(metadataText(value))),
  };
}

/** Agrees with `matchesFilter` on every chunk. */
export function metadataQuery(filter: MetadataFilter): estypes.QueryDslQueryContainer {
  if (!('operator' in filter)) return comparisonQuery(filter);
  const queries = filter.filters.map(comparisonQuery);
  return filter.operator === 'and'
    ? { bool: { filter: queries } }
    : { bool: { should: queries, minimum_should_match: 1 } };
}

function comparisonQuery({ key, type, value }: Comparison): estypes.QueryDslQueryContainer {
  const start = key + separator;
  const text = metadataText(value);
  switch (type) {
    case 'eq':
      return { term: { md: start + text } };
    case 'sw':
      return { prefix: { md: { value: start + text } } };
    case 'ew':
      return { prefix: { md_rev: { value: start + reversed(text) } } };
    case 'co':
      return { wildcard: { md: { value: `${literal(start)}*${literal(text)}*` } } };
  }
}

/** By code point: half a surrogate pair is no text. */
function reversed(text: string): string {
  return [...text].reverse().join('');
}

function literal(text: string): string {
  return text.replace(/[*?\\]/g, '\\$&');
}
