import { z } from 'zod';
import { efforts } from '../../../core/chat.ts';
import { searchArguments } from '../../opengate/search/search-fields.ts';
import { labels } from '../labels.ts';
import { samplingFields, streamFields } from '../sampling.ts';
import { messageSchema } from './message-schema.ts';
import { functionCallSchema, functionsSchema, toolChoiceSchema, toolSchema } from './tool-schema.ts';

const positive = z.int().min(1).nullish();
const refused = z.unknown().optional();

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()).nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** Unknown fields stay: an upstream that takes the body as it is may know them. */
export const chatRequestSchema = z.looseObject({
  model: z.string().trim().min(1).describe('Name or alias of a router.'),
  messages: z.array(messageSchema).min(1),
  ...samplingFields,
  ...streamFields,
  max_completion_tokens: positive,
  max_tokens: positive.describe('Deprecated: max_completion_tokens, which wins.'),
  n: z.int().min(1).max(128).nullish().describe('How many answers.'),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish().describe('Takes logprobs: true.'),
  tools: z.array(toolSchema).nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: functionsSchema.nullish().describe('Deprecated: tools.'),
  function_call: functionCallSchema.nullish().describe('Deprecated: tool_choice.'),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.enum(efforts).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  modalities: z
    .array(z.enum(['text', 'audio']))
    .nullish()
    .describe('Text only; audio is refused.'),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  store: z.boolean().nullish().describe('Keeps the conversation and its answer for a time.'),
  metadata: labels.nullish().describe('Labels of a stored completion.'),
  prompt_cache_key: z.string().nullish(),
  safety_identifier: z.string().max(128).nullish().describe('Your own name of your end user.'),
  user: z.string().nullish().describe('Deprecated: safety_identifier.'),
  prediction: z
    .object({ type: z.literal('content'), content: z.union([z.string(), z.array(z.unknown())]) })
    .nullish()
    .describe('Only for an upstream of the same dialect.'),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullish().describe('Only for an upstream of the same dialect.'),
  prompt_cache_options: z
    .record(z.string(), z.unknown())
    .nullish()
    .describe('Only for an upstream of the same dialect.'),
  audio: refused.describe('Refused: answers are text.'),
  web_search_options: refused.describe('Refused.'),
  moderation: refused.describe('Refused.'),
  include_reasoning: z.boolean().nullish().describe('Ours: answers what the model thought, where it says so.'),
  include_cost: z.boolean().nullish().describe('Ours: usage with cost, carbon and requests.'),
  search: z.boolean().nullish().describe('Deprecated: a tool of type search.'),
  search_args: searchArguments.nullish().describe('Deprecated: a tool of type search.'),
});

export type ChatBody = z.output<typeof chatRequestSchema>;
