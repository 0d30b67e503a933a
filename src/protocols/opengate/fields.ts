/** The value types that S4's endpoints share. Its query strings and paths carry numbers as text. */
import { z } from 'zod';
import type { OffsetPage } from '../../core/identity.ts';

/** An integer written in decimal, as in a path or a query string. `''` and `1e3` are not numbers here. */
export function decimal<Schema extends z.ZodType<number>>(schema: Schema) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value),
    schema,
  );
}

/** An id in a path or a query string. */
export const pathId = decimal(z.int().positive());
export const pathIndex = decimal(z.int().nonnegative());
export const bodyId = z.int().positive();

/** Trimmed first, then non-empty. */
export const text = z.string().trim().min(1);

/** Taken as typed: spaces may be part of it. */
export const password = z.string().min(8).max(128).describe('8 to 128 characters.');

/** Seconds since the epoch that have not come yet; null or left out for never. */
export const expiry = z
  .int()
  .refine((seconds) => seconds * 1000 > Date.now(), 'Wrong timestamp, must be in the future.')
  .nullish()
  .describe('Expiration timestamp in seconds; null for never.');

export function toMilliseconds(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : seconds * 1000;
}

export function toSeconds(milliseconds: number): number;
export function toSeconds(milliseconds: number | null): number | null;
export function toSeconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000);
}

const offset = decimal(z.int().nonnegative().default(0));
const limit = decimal(z.int().min(1).max(100).default(10));

/** `offset` and `limit` alone, for lists of one fixed order. */
export const window = { offset, limit };

/** Query fields of an ordered list; `sort_by` and `sort_order` are other names, and win. */
export function paging<const Field extends string>(fields: readonly [Field, ...Field[]]) {
  const field = z.enum(fields);
  const direction = z.enum(['asc', 'desc']);
  return {
    ...window,
    order_by: field.optional().describe(`The field to order by; ${fields[0]} unless given.`),
    order_direction: direction.default('asc'),
    sort_by: field.optional().describe('Another name of order_by.'),
    sort_order: direction.optional().describe('Another name of order_direction.'),
  };
}

interface PagingQuery<Field extends string> {
  offset: number;
  limit: number;
  order_by?: Field | undefined;
  order_direction: 'asc' | 'desc';
  sort_by?: Field | undefined;
  sort_order?: 'asc' | 'desc' | undefined;
}

/** What `paging` has read, in the words of the core. Every list of S4 is ordered by id unless told otherwise. */
export function toPage<Field extends string>(query: PagingQuery<Field>): OffsetPage<Field | 'id'> {
  return {
    offset: query.offset,
    limit: query.limit,
    orderBy: query.sort_by ?? query.order_by ?? 'id',
    direction: query.sort_order ?? query.order_direction,
  };
}

/** S4's `{object, data}`, with the counts that its later versions added. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal('list'),
    total: z.int().nonnegative(),
    offset: z.int().nonnegative(),
    limit: z.int().nonnegative(),
    data: z.array(item),
  });
}

/** Fills `listOf`. */
export function toList<Item>(data: readonly Item[], total: number, query: { offset: number; limit: number }) {
  return { object: 'list' as const, total, offset: query.offset, limit: query.limit, data: [...data] };
}

/** `{id}` of a thing just made. */
export const created = z.object({ id: z.int() });
