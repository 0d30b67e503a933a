import { z } from 'zod';
import { eventLogprob } from './logprobs.ts';

/** What vendors send as an event of a streamed chat. Lenient: only what is read, and any of it may be missing. */
const text = z.string().nullish();

const toolCall = z.object({
  index: z.number().int().nullish(),
  id: text,
  function: z.object({ name: text, arguments: text }).nullish(),
  custom: z.object({ name: text, input: text }).nullish(),
});

const annotation = z.object({
  url_citation: z
    .object({ url: z.string(), title: text, start_index: z.number().nullish(), end_index: z.number().nullish() })
    .nullish(),
});

/** Mistral's reasoning models say both what they think and what they answer in `content`. */
const contentPart = z.object({
  type: z.string(),
  text,
  thinking: z.array(z.object({ text })).nullish(),
});

export const chatUsage = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z
    .object({ cached_tokens: z.number().nullish(), cache_write_tokens: z.number().nullish() })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});

export const chatChunk = z.object({
  id: text,
  model: text,
  created: z.number().nullish(),
  service_tier: text,
  system_fingerprint: text,
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.union([z.string(), z.array(contentPart)]).nullish(),
            refusal: text,
            /** vLLM until 0.11 and most others; `reasoning` since. */
            reasoning_content: text,
            reasoning: text,
            tool_calls: z.array(toolCall).nullish(),
            annotations: z.array(annotation).nullish(),
          })
          .nullish(),
        logprobs: z
          .object({ content: z.array(eventLogprob).nullish(), refusal: z.array(eventLogprob).nullish() })
          .nullish(),
        finish_reason: text,
        /** vLLM: the stop sequence that ended the answer, or the id of a token. */
        stop_reason: z.unknown().optional(),
      }),
    )
    .nullish(),
  usage: chatUsage.nullish(),
});

export type ChatChunk = z.output<typeof chatChunk>;
export type ChunkChoice = NonNullable<ChatChunk['choices']>[number];
export type ChunkToolCall = z.output<typeof toolCall>;
export type ChunkAnnotation = z.output<typeof annotation>;
