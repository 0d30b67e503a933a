import { z } from 'zod';
import type { WebhookPage } from '../../core/webhook.ts';

/** Any text is looked up; one that can be no id is answered like a thing that is not there. */
export const params = z.object({ id: z.string() });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc').describe('By time of creation.'),
  after: z.string().optional().describe('Answers what follows the thing of this id in the chosen order.'),
};

export function toPage({
  limit,
  order,
  after,
}: {
  limit: number;
  order: 'asc' | 'desc';
  after?: string | undefined;
}): WebhookPage {
  return { limit, order, after: after ?? null };
}

export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
}

export function presentList<Item extends { id: string }>(data: Item[], hasMore: boolean) {
  return {
    object: 'list' as const,
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

export const time = z.int().nonnegative();
export const unixSeconds = z.int().nonnegative().describe('Unix seconds.');

export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

export function maybeSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : seconds(milliseconds);
}
