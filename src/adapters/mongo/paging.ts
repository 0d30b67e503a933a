import type { OffsetPage } from '../../core/identity.ts';

const columns = { id: '_id', name: 'name', created: 'createdAt', updated: 'updatedAt' } as const;

/** The sort of a page, by id where the field is equal, so that no page repeats or skips an item. */
export function sortOf(page: OffsetPage<keyof typeof columns>): Record<string, 1 | -1> {
  const direction = page.direction === 'asc' ? 1 : -1;
  return { [columns[page.orderBy]]: direction, _id: direction };
}
