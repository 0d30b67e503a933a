import { z } from 'zod';
import type { Item, ItemList, ItemPage } from '../../../core/response.ts';
import { includable } from './request.ts';
import { shownItems } from './response-object.ts';

/** `include[]=a&include[]=b`, `include=a`: the ways that clients write a list in a query. */
const includeFields = {
  include: z.union([includable, z.array(includable)]).optional(),
  'include[]': z.union([includable, z.array(includable)]).optional(),
};

export const includeQuery = z.looseObject(includeFields);
type IncludeQuery = z.output<typeof includeQuery>;

export const pageQuery = z.looseObject({
  ...includeFields,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional().describe('Answers the items behind this one.'),
});

export function includesOf(query: IncludeQuery): string[] {
  return [query.include, query['include[]']].flatMap((named) => named ?? []);
}

export function toItemPage({ limit, order, after }: z.output<typeof pageQuery>): ItemPage {
  return { limit, order, after: after ?? null };
}

export function presentItemList({ items, hasMore }: ItemList, query: IncludeQuery) {
  return { ...presentItems(items, query), has_more: hasMore };
}

export function presentItems(items: readonly Item[], query: IncludeQuery) {
  return {
    object: 'list' as const,
    data: shownItems(items, includesOf(query)).map(inFull),
    first_id: items.at(0)?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: false,
  };
}

interface Part {
  type: string;
  annotations?: unknown;
  detail?: unknown;
}

/** With what readers count on and nobody said: a model is not told it. */
export function inFull(item: Item): Item {
  const { content } = item as { content?: unknown };
  return item.type === 'message' && Array.isArray(content) ? { ...item, content: content.map(partInFull) } : item;
}

function partInFull(part: Part): Part {
  if (part.type === 'output_text') return { ...part, annotations: part.annotations ?? [] };
  return part.type === 'input_image' ? { ...part, detail: part.detail ?? 'auto' } : part;
}
