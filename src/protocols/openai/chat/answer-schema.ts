import { z } from 'zod';
import { searchHit } from '../../opengate/search/hit.ts';
import { labels } from '../labels.ts';
import { annotationSchema } from './annotations.ts';
import { logprobsSchema } from './logprobs.ts';
import { reasoningDetail } from './message-schema.ts';
import { chatUsage } from './usage.ts';

const functionCall = z.object({ name: z.string(), arguments: z.string() });

export const toolCallSchema = z.discriminatedUnion('type', [
  z.object({ id: z.string(), type: z.literal('function'), function: functionCall }),
  z.object({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.object({ name: z.string(), input: z.string() }),
  }),
]);

const answerMessage = z.object({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  refusal: z.string().nullable(),
  annotations: z.array(annotationSchema),
  tool_calls: z.array(toolCallSchema).optional(),
  function_call: functionCall.optional().describe('For a request with functions.'),
  reasoning_content: z.string().optional().describe('Only with include_reasoning.'),
  reasoning_details: z.array(reasoningDetail).optional().describe('Only with include_reasoning; to be sent back.'),
});

export const finishReasons = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call'] as const;

export const chatCompletion = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int(),
    model: z.string().describe('The name the request used.'),
    choices: z.array(
      z.object({
        index: z.int(),
        message: answerMessage,
        logprobs: logprobsSchema,
        finish_reason: z.enum(finishReasons),
      }),
    ),
    usage: chatUsage,
    service_tier: z.string().nullable(),
    system_fingerprint: z.string().nullable(),
    metadata: labels.optional().describe('Of a stored completion.'),
    search_results: z.array(searchHit).optional().describe('What was found, for a request with a search.'),
  })
  .meta({ id: 'ChatCompletion', description: 'An answer, or several, to a conversation.' });

export type WireAnswer = z.input<typeof chatCompletion>;
export type WireAnswerMessage = z.input<typeof answerMessage>;
export type WireToolCall = z.input<typeof toolCallSchema>;
