import { z } from 'zod';
import { labels } from '../labels.ts';

const unixSeconds = z.int().nonnegative();

/** An item as it is answered; its fields depend on its type. */
export const itemSchema = z
  .looseObject({ type: z.string(), id: z.string() })
  .meta({ id: 'ResponseItem', description: 'A message, a thought, a call of a tool, or its result.' });

const usage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});

export const responseSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('response'),
    created_at: unixSeconds,
    completed_at: unixSeconds.nullable(),
    status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
    background: z.boolean(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    incomplete_details: z.object({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
    model: z.string().describe('The name the request used.'),
    output: z.array(itemSchema),
    previous_response_id: z.string().nullable(),
    conversation: z.object({ id: z.string() }).nullable(),
    store: z.boolean().describe('Whether it is kept.'),
    usage: usage.nullable(),
    metadata: labels,
  })
  .meta({ id: 'Response', description: 'An answer, and what was asked for it.' });

export const itemList = z.object({
  object: z.literal('list'),
  data: z.array(itemSchema),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});
