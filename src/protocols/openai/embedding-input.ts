import { z } from 'zod';
import type { EmbedRequest } from '../../core/models.ts';

export const maxItems = 2048;
/** Of one text. No embedding model reads as many. */
export const maxTokens = 65_536;
export const maxBytes = 8 * 1024 * 1024;

const encoder = new TextEncoder();
const empty = { error: 'Input must not be an empty object.' };
const token = z.int().nonnegative();
const tokens = z.array(token).min(1, empty);

/** The four forms: one text or several, as text or as tokens. */
export const embeddingInput = z
  .union([
    z.string().min(1, empty),
    z.array(z.string().min(1, empty)).min(1, empty).max(maxItems),
    tokens.max(maxTokens),
    z.array(tokens.max(maxTokens)).min(1, empty).max(maxItems),
  ])
  .refine((input) => byteLength(input) <= maxBytes, { error: `Expected at most ${maxBytes} bytes of text.` });

/** The same texts for the core: written out, or each as its tokens. */
export function toTexts(input: z.output<typeof embeddingInput>): Pick<EmbedRequest, 'texts' | 'tokens'> {
  const items = itemsOf(input);
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length === items.length) return { texts };
  const isOneText = typeof items[0] === 'number';
  return { texts: [], tokens: (isOneText ? [items] : items) as number[][] };
}

function itemsOf(input: string | readonly unknown[]): readonly unknown[] {
  return typeof input === 'string' ? [input] : input;
}

function byteLength(input: string | readonly unknown[]): number {
  return itemsOf(input).reduce<number>(
    (sum, item) => sum + (typeof item === 'string' ? encoder.encode(item).byteLength : 0),
    0,
  );
}
