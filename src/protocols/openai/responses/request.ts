import { z } from 'zod';
import { efforts } from '../../../core/chat.ts';
import { labels } from '../labels.ts';
import { inputItem } from './input-items.ts';
import { toolChoiceSchema, toolSchema } from './tool-schema.ts';

/** Parts of an answer that a reader has to ask for. Those of tools that are not run here never exist. */
export const includable = z.enum([
  'code_interpreter_call.outputs',
  'computer_call_output.output.image_url',
  'file_search_call.results',
  'message.input_image.image_url',
  'message.output_text.logprobs',
  'reasoning.encrypted_content',
  'web_search_call.action.sources',
  'web_search_call.results',
]);

const summary = z.enum(['auto', 'concise', 'detailed']).nullish();

const reasoning = z.looseObject({
  effort: z.enum(efforts).nullish(),
  summary,
  generate_summary: summary.describe('Deprecated: see `summary`.'),
  context: z.enum(['auto', 'current_turn', 'all_turns']).nullish(),
  mode: z.string().nullish(),
});

const textFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{1,64}$/, { error: 'Expected 1 to 64 letters, digits, underscores or hyphens.' }),
    schema: z.record(z.string(), z.unknown()),
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
]);

export const responseRequest = z.looseObject({
  model: z.string().trim().min(1).describe('Name or alias of a model that generates text.'),
  input: z.union([z.string(), z.array(inputItem)]).nullish(),
  instructions: z.string().nullish().describe('Said before everything else, for this answer alone.'),
  conversation: z
    .union([z.string().min(1), z.object({ id: z.string().min(1) })])
    .nullish()
    .describe('The conversation that is gone on with, and that input and answer are added to.'),
  previous_response_id: z.string().nullish().describe('The stored response that is gone on from.'),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: reasoning.nullish(),
  text: z
    .looseObject({ format: textFormat.nullish(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .nullish(),
  tool_choice: toolChoiceSchema.nullish(),
  tools: z.array(toolSchema).max(512).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  access_programs: z.unknown().optional().describe('Refused.'),
  background: z.boolean().nullish().describe('Answers at once and runs as a job.'),
  context_management: z.array(z.unknown()).nullish().describe('Refused unless empty.'),
  image: z.looseObject({ context_compression: z.enum(['auto', 'enabled', 'disabled']).optional() }).nullish(),
  include: z.array(includable).nullish(),
  max_output_tokens: z.int().positive().nullish(),
  max_tool_calls: z.int().positive().nullish(),
  metadata: labels.nullish(),
  moderation: z.unknown().optional().describe('Refused.'),
  prompt: z.unknown().optional().describe('Refused.'),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_options: z.looseObject({}).nullish(),
  prompt_cache_retention: z.enum(['in_memory', 'in-memory', '24h']).nullish(),
  safety_identifier: z.string().max(128).nullish(),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast', 'standard']).nullish(),
  store: z.boolean().nullish().describe('Whether the response is kept; true unless said otherwise.'),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  user: z.string().nullish(),
});

export type ResponseRequest = z.output<typeof responseRequest>;

/** Every field there is a rule for; any other is unknown to us. */
export const knownFields: ReadonlySet<string> = new Set(Object.keys(responseRequest.shape));
