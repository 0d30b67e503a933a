import { z } from 'zod';
import type { Tool, ToolChoice } from '../../../core/chat.ts';
import { assertThat, GatewayError } from '../../../core/errors.ts';

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

const hostedTypes = [
  'apply_patch',
  'code_interpreter',
  'computer',
  'computer_use_preview',
  'file_search',
  'image_generation',
  'local_shell',
  'mcp',
  'namespace',
  'programmatic_tool_calling',
  'shell',
  'tool_search',
  'web_search',
  'web_search_preview',
] as const;

const hostedTool = z.looseObject({ type: z.enum(hostedTypes) });

export const toolSchema = z.discriminatedUnion('type', [functionTool, customTool, hostedTool]);
type WireTool = z.output<typeof toolSchema>;

/** Codex names this tool in every request, whether it is wanted or not. Without it the model answers as well it can. */
const inertTypes: readonly string[] = ['web_search'];

/** The tools that a model can call through us, and the paths of those that are there for nothing. */
export function toTools(wire: readonly WireTool[]): { tools: Tool[]; ignored: string[] } {
  const tools: Tool[] = [];
  const ignored: string[] = [];
  for (const [index, tool] of wire.entries()) {
    if (isCallable(tool)) tools.push(toTool(tool));
    else if (inertTypes.includes(tool.type)) ignored.push(`tools[${index}]`);
    else {
      throw new GatewayError('unsupported_value', `Tools of type '${tool.type}' are not run here.`, {
        param: `tools[${index}].type`,
      });
    }
  }
  return { tools, ignored };
}

/** Whether it is run by the caller, and by nobody on the way. */
export function isCallable(tool: WireTool): tool is z.output<typeof functionTool> | z.output<typeof customTool> {
  return tool.type === 'function' || tool.type === 'custom';
}

function toTool(tool: z.output<typeof functionTool> | z.output<typeof customTool>): Tool {
  const { name, description = null } = tool;
  if (tool.type === 'function') {
    const { parameters = null, strict = null } = tool;
    return { kind: 'function', name, description, parameters, strict, grammar: null };
  }
  const { format } = tool;
  const grammar = format?.type === 'grammar' ? { syntax: format.syntax, definition: format.definition } : null;
  return { kind: 'custom', name, description, parameters: null, strict: null, grammar };
}

const namedTool = z.looseObject({ type: z.enum(['function', 'custom']), name: toolName });

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    namedTool,
    z.looseObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).min(1),
    }),
    z.looseObject({ type: z.enum([...hostedTypes, 'web_search_preview_2025_03_11', 'computer_use']) }),
  ]),
]);
type WireToolChoice = z.output<typeof toolChoiceSchema>;

const modes = { none: 'none', auto: 'auto', required: 'any' } as const;

/** Throws for a choice of a tool that was not declared, or that is not run here. */
export function toToolChoice(choice: WireToolChoice | null | undefined, tools: readonly Tool[]): ToolChoice | null {
  if (choice == null) return null;
  if (typeof choice === 'string') return { mode: modes[choice], allowed: null };
  if (choice.type === 'allowed_tools') {
    const { mode, tools: listed } = choice as { mode: 'auto' | 'required'; tools: { name?: string }[] };
    const allowed = listed.map(({ name }, index) => declared(name, tools, `tool_choice.tools[${index}]`));
    return { mode: modes[mode], allowed };
  }
  if (choice.type === 'function' || choice.type === 'custom') {
    const { name } = choice as z.output<typeof namedTool>;
    return { mode: 'any', allowed: [declared(name, tools, 'tool_choice')] };
  }
  throw new GatewayError('unsupported_value', `Tools of type '${choice.type}' are not run here.`, {
    param: 'tool_choice.type',
  });
}

function declared(name: string | undefined, tools: readonly Tool[], path: string): string {
  assertThat(name !== undefined, 'unsupported_value', 'Only function and custom tools, by their name, can be chosen.', {
    param: `${path}.type`,
  });
  assertThat(
    tools.some((tool) => tool.name === name),
    'invalid_request',
    `Tool '${name}' is not among the tools of the request.`,
    { param: `${path}.name` },
  );
  return name;
}
