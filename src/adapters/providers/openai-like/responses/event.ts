import { z } from 'zod';
import { phases } from '../../../../core/chat/parts.ts';
import { eventLogprob } from '../logprobs.ts';

/** What vendors send as an event of a streamed response. Lenient: only what is read, and any of it may be missing. */
const text = z.string().nullish();

const item = z.object({
  type: z.string(),
  id: text,
  call_id: text,
  name: text,
  arguments: text,
  input: text,
  encrypted_content: text,
  phase: z.enum(phases).nullish().catch(null),
});

export const responseUsage = z.object({
  input_tokens: z.number().nullish(),
  input_tokens_details: z
    .object({ cached_tokens: z.number().nullish(), cache_write_tokens: z.number().nullish() })
    .nullish(),
  output_tokens: z.number().nullish(),
  output_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});

export const responseEvent = z.object({
  type: z.string(),
  delta: z.unknown().optional(),
  item: item.nullish(),
  logprobs: z.array(eventLogprob).nullish(),
  summary_index: z.number().nullish(),
  annotation: z
    .object({
      type: z.string(),
      url: text,
      title: text,
      start_index: z.number().nullish(),
      end_index: z.number().nullish(),
    })
    .nullish(),
  response: z
    .object({
      id: text,
      model: text,
      created_at: z.number().nullish(),
      service_tier: text,
      incomplete_details: z.object({ reason: text }).nullish(),
      usage: responseUsage.nullish(),
    })
    .nullish(),
});

export type ResponseEvent = z.output<typeof responseEvent>;
export type ResponseItem = z.output<typeof item>;
export type ResponseHead = NonNullable<ResponseEvent['response']>;
