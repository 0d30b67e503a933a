import { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';

export const maxItems = 2048;
export const maxBytes = 8 * 1024 * 1024;

const encoder = new TextEncoder();
const empty = { error: 'Input must not be an empty object.' };
const token = z.int().nonnegative();

/** The four forms: one text or several, as text or as tokens. */
export const embeddingInput = z
  .union([
    z.string().min(1, empty),
    z.array(z.string().min(1, empty)).min(1, empty).max(maxItems),
    z.array(token).min(1, empty).max(maxItems),
    z.array(z.array(token).min(1, empty)).min(1, empty).max(maxItems),
  ])
  .refine((input) => byteLength(input) <= maxBytes, { error: `Expected at most ${maxBytes} bytes of text.` });

/** Every model counts tokens its own way, so tokens of another one's would be read as other words. */
export function textsOf(input: z.output<typeof embeddingInput>): string[] {
  const items = itemsOf(input);
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length === items.length) return texts;
  throw new GatewayError(
    'invalid_request',
    'Expected a string or an array of strings, got tokens: they belong to the tokenizer of one model. Send the text.',
    { param: 'input' },
  );
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
