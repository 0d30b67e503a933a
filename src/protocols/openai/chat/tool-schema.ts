import { z } from 'zod';
import { searchFields } from '../../opengate/search/search-fields.ts';

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const named = z.object({ name: z.string().min(1) });

const functionDefinition = z.object({
  name: toolName,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish().describe('JSON Schema.'),
  strict: z.boolean().nullish(),
});

const customDefinition = z.object({
  name: toolName,
  description: z.string().nullish(),
  format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('grammar'),
        grammar: z.object({ syntax: z.enum(['lark', 'regex']), definition: z.string() }),
      }),
    ])
    .nullish(),
});

const functionTool = z.object({ type: z.literal('function'), function: functionDefinition });
const customTool = z.object({ type: z.literal('custom'), custom: customDefinition });
const searchTool = z.object({ type: z.literal('search'), ...searchFields }).describe('Searches collections first.');

export const toolSchema = z.discriminatedUnion('type', [functionTool, customTool, searchTool]);

const functionChoice = z.object({ type: z.literal('function'), function: named });
const customChoice = z.object({ type: z.literal('custom'), custom: named });
const namedTool = z.discriminatedUnion('type', [functionChoice, customChoice]);

const allowedChoice = z.object({
  type: z.literal('allowed_tools'),
  allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: z.array(namedTool).min(1) }),
});

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [functionChoice, customChoice, allowedChoice]),
]);

/** Deprecated: what `tools` was once. */
export const functionsSchema = z.array(functionDefinition.omit({ strict: true })).min(1);
export const functionCallSchema = z.union([z.enum(['none', 'auto']), named]);

export type WireTool = z.output<typeof toolSchema>;
export type WireToolChoice = z.output<typeof toolChoiceSchema>;
export type NamedTool = z.output<typeof namedTool>;
