import type { OffsetPage } from './identity.ts';

/** One page of a list that is short enough to be held, by `orderBy` and then by id. */
export function pageOf<Item extends { id: number }, Field extends string>(
  items: readonly Item[],
  page: OffsetPage<Field>,
  fields: Record<Field, (item: Item) => string | number>,
): readonly Item[] {
  const field = fields[page.orderBy];
  const sign = page.direction === 'asc' ? 1 : -1;
  const sorted = [...items].sort((a, b) => sign * (compare(field(a), field(b)) || a.id - b.id));
  return sorted.slice(page.offset, page.offset + page.limit);
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
