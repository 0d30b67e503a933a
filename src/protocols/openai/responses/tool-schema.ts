import { z } from 'zod';

const toolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,128}$/, { error: 'Expected 1 to 128 letters, digits, underscores or hyphens.' });

const functionTool = z.looseObject({
  type: z.literal('function'),
  name: toolName,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const customTool = z.looseObject({
  type: z.literal('custom'),
  name: toolName,
  description: z.string().nullish(),
  format: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('grammar'), syntax: z.enum(['lark', 'regex']), definition: z.string() }),
    ])
    .nullish(),
});

const namespaceTool = z.looseObject({
  type: z.literal('namespace'),
  name: toolName,
  description: z.string().nullish(),
  tools: z.array(z.discriminatedUnion('type', [functionTool, customTool])).max(512),
});

const hostedTypes = [
  'apply_patch',
  'code_interpreter',
  'computer',
  'computer_use_preview',
  'file_search',
  'image_generation',
  'local_shell',
  'mcp',
  'programmatic_tool_calling',
  'shell',
  'tool_search',
  'web_search',
  'web_search_preview',
] as const;

const hostedTool = z.looseObject({ type: z.enum(hostedTypes) });

export const toolSchema = z.discriminatedUnion('type', [functionTool, customTool, namespaceTool, hostedTool]);

export type WireTool = z.output<typeof toolSchema>;
export type CallableTool = z.output<typeof functionTool> | z.output<typeof customTool>;
export type NamespaceTool = z.output<typeof namespaceTool>;

const namedTool = z.looseObject({
  type: z.enum(['function', 'custom']),
  name: toolName,
  namespace: toolName.nullish(),
});

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    namedTool,
    z.looseObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z
        .array(z.looseObject({ type: z.string(), name: z.string().optional(), namespace: z.string().nullish() }))
        .min(1),
    }),
    z.looseObject({ type: z.enum([...hostedTypes, 'web_search_preview_2025_03_11', 'computer_use']) }),
  ]),
]);

export type WireToolChoice = z.output<typeof toolChoiceSchema>;
export type AllowedTools = Extract<WireToolChoice, { mode: unknown }>;
