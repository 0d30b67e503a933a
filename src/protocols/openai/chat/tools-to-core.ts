import type { Tool, ToolChoice } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
import type { ChatBody } from './request-schema.ts';
import type { NamedTool, WireTool, WireToolChoice } from './tool-schema.ts';

/** The tools that the caller runs, whether it calls them tools or functions. */
export function toTools(body: ChatBody): Tool[] {
  const legacy = (body.functions ?? []).map((definition) => ({ type: 'function', function: definition }) as const);
  return [...(body.tools ?? []), ...legacy].flatMap(toTool);
}

export function toToolChoice(body: ChatBody, tools: readonly Tool[]): ToolChoice | null {
  const isLegacy = body.tool_choice === null || body.tool_choice === undefined;
  const param = isLegacy ? 'function_call' : 'tool_choice';
  const choice = isLegacy ? legacyChoice(body.function_call) : toChoice(body.tool_choice);
  if (choice === null) return null;
  assertThat(
    choice.mode !== 'any' || tools.length > 0,
    'invalid_request',
    `${param}: A tool can only be demanded when there are tools.`,
    { param },
  );
  const unknown = choice.allowed?.find((name) => !tools.some((tool) => tool.name === name));
  assertThat(
    unknown === undefined,
    'invalid_request',
    `${param}: Expected the name of one of the tools, got '${unknown}'.`,
    { param },
  );
  return choice;
}

function toTool(tool: WireTool): Tool[] {
  switch (tool.type) {
    case 'function': {
      const { name, description, parameters, strict } = tool.function;
      return [
        {
          kind: 'function',
          name,
          description: description ?? null,
          parameters: parameters ?? null,
          strict: strict ?? null,
          grammar: null,
        },
      ];
    }
    case 'custom': {
      const { name, description, format } = tool.custom;
      const grammar = format?.type === 'grammar' ? format.grammar : null;
      return [{ kind: 'custom', name, description: description ?? null, parameters: null, strict: null, grammar }];
    }
    case 'search':
      return [];
  }
}

const modes = { none: 'none', auto: 'auto', required: 'any' } as const;

function toChoice(choice: WireToolChoice | null | undefined): ToolChoice | null {
  if (choice === null || choice === undefined) return null;
  if (typeof choice === 'string') return { mode: modes[choice], allowed: null };
  if (choice.type !== 'allowed_tools') return { mode: 'any', allowed: [nameOf(choice)] };
  const { mode, tools } = choice.allowed_tools;
  return { mode: modes[mode], allowed: tools.map(nameOf) };
}

function legacyChoice(choice: ChatBody['function_call']): ToolChoice | null {
  if (choice === null || choice === undefined) return null;
  return typeof choice === 'string' ? { mode: modes[choice], allowed: null } : { mode: 'any', allowed: [choice.name] };
}

function nameOf(tool: NamedTool): string {
  return tool.type === 'function' ? tool.function.name : tool.custom.name;
}
