import { z } from 'zod';

/** Query fields of OpenAI's lists. */
export const cursor = {
  after: z.string().optional().describe('Answers what follows the item of this id in the chosen order.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('asc').describe('By time of creation.'),
};

interface Named {
  id: string;
}

/** One page of a list, as its schema. */
export function pageOf<Item extends z.ZodType<Named>>(item: Item) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
}

/** Fills `pageOf`. */
export function toPage<Item extends Named>(data: readonly Item[], hasMore: boolean) {
  return {
    object: 'list' as const,
    data: [...data],
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
