/**
 * What a caller may attach to a chunk, and how a search may filter on it: the rules of the specification. Schemas for
 * the dialects, and a reference implementation of the filter that an index must agree with.
 */
import { z } from 'zod';

/** 9,999,999,999,999,999 of the specification, which as a double is this. Beyond 2^53 JSON numbers are rounded. */
const maxMagnitude = 1e16;
const maxKeys = 10;

const shortText = z
  .string()
  .min(1)
  .refine((text) => text.length <= 255 || [...text].length <= 255, 'Too big: expected string to have <=255 characters')
  .meta({ maxLength: 255 });

const value = z.union([shortText, z.number().min(-maxMagnitude).max(maxMagnitude), z.boolean()]);

/** A key separates from its value by a null character in a flattened field, so it cannot hold one. */
const key = shortText.refine((text) => !text.includes('\0'), 'Invalid key: a null character is not allowed');

/** One to ten keys, flat: no lists, no null, no objects. */
export const metadata = z.preprocess(
  refusePrototypeKey,
  z
    .record(key, value)
    .refine((entries) => Object.keys(entries).length >= 1, 'Too small: expected an object of at least 1 key')
    .refine(
      (entries) => Object.keys(entries).length <= maxKeys,
      `Too big: expected an object of at most ${maxKeys} keys`,
    )
    .meta({ minProperties: 1, maxProperties: maxKeys }),
);
export type Metadata = z.output<typeof metadata>;

export const comparisonTypes = ['eq', 'sw', 'ew', 'co'] as const;

/** Equals, starts with, ends with, contains: case-sensitive, on the text form of the stored value. */
const comparison = z.strictObject({ key, type: z.enum(comparisonTypes), value });
export type Comparison = z.output<typeof comparison>;

const compound = z.strictObject({ filters: z.array(comparison).min(2).max(4), operator: z.enum(['and', 'or']) });

export const metadataFilter = z.union([comparison, compound]);
export type MetadataFilter = z.output<typeof metadataFilter>;

/** `8` and `"8"` are the same value to a filter, as are `true` and `"true"`: an index keeps the text. */
export function metadataText(value: string | number | boolean): string {
  return String(value);
}

/** Whether a chunk passes the filter. A key that the chunk lacks matches nothing. */
export function matchesFilter(metadata: Metadata | null, filter: MetadataFilter): boolean {
  if (metadata === null) return false;
  if (!('operator' in filter)) return matches(metadata, filter);
  return filter.operator === 'and'
    ? filter.filters.every((each) => matches(metadata, each))
    : filter.filters.some((each) => matches(metadata, each));
}

function matches(metadata: Metadata, { key, type, value }: Comparison): boolean {
  const stored = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return stored !== undefined && tests[type](metadataText(stored), metadataText(value));
}

const tests: Record<Comparison['type'], (stored: string, wanted: string) => boolean> = {
  eq: (stored, wanted) => stored === wanted,
  sw: (stored, wanted) => stored.startsWith(wanted),
  ew: (stored, wanted) => stored.endsWith(wanted),
  co: (stored, wanted) => stored.includes(wanted),
};

/** A record schema would drop this one key without a word. */
function refusePrototypeKey(input: unknown, context: z.RefinementCtx): unknown {
  if (typeof input === 'object' && input !== null && Object.hasOwn(input, '__proto__')) {
    context.addIssue({ code: 'custom', message: 'Invalid key: `__proto__` is not allowed' });
  }
  return input;
}
