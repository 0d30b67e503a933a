import type { Tool, ToolChoice } from '../../../core/chat.ts';
import { assertThat, GatewayError } from '../../../core/errors.ts';
import { flatName } from './namespaces.ts';
import type { AllowedTools, CallableTool, NamespaceTool, WireTool, WireToolChoice } from './tool-schema.ts';

/** Codex names these in every request, whether they are wanted or not. Without them the model answers as well it can. */
const inertTypes: readonly string[] = ['tool_search', 'web_search'];

/** The tools that a model can call through us, and the paths of what is there for nothing. */
export function toTools(wire: readonly WireTool[]): { tools: Tool[]; ignored: string[] } {
  const tools: Tool[] = [];
  const ignored: string[] = [];
  for (const [index, tool] of wire.entries()) {
    if (tool.type === 'namespace') {
      tools.push(...tool.tools.map((each) => toTool(each, tool.name)));
      if (tool.description) ignored.push(`tools[${index}].description`);
    } else if (isCallable(tool)) tools.push(toTool(tool, null));
    else if (inertTypes.includes(tool.type)) ignored.push(`tools[${index}]`);
    else {
      throw new GatewayError('unsupported_value', `Tools of type '${tool.type}' are not run here.`, {
        param: `tools[${index}].type`,
      });
    }
  }
  if (wire.some(({ type }) => type === 'namespace')) assertDistinct(tools);
  return { tools, ignored };
}

/** Whether it is run by the caller, and by nobody on the way. */
export function isCallersOwn(tool: WireTool): boolean {
  return tool.type === 'namespace' || isCallable(tool);
}

function isCallable(tool: Exclude<WireTool, NamespaceTool>): tool is CallableTool {
  return tool.type === 'function' || tool.type === 'custom';
}

function toTool(tool: CallableTool, namespace: string | null): Tool {
  const name = flatName({ name: tool.name, namespace });
  const { description = null } = tool;
  if (tool.type === 'function') {
    const { parameters = null, strict = null } = tool;
    return { kind: 'function', name, description, parameters, strict, grammar: null };
  }
  const { format } = tool;
  const grammar = format?.type === 'grammar' ? { syntax: format.syntax, definition: format.definition } : null;
  return { kind: 'custom', name, description, parameters: null, strict: null, grammar };
}

/** A call of one of two with the same name could not be told from a call of the other. */
function assertDistinct(tools: readonly Tool[]): void {
  const names = new Set<string>();
  for (const { name } of tools) {
    const sentence = `Expected tools that differ in namespace and name together; got '${name}' twice.`;
    assertThat(!names.has(name), 'invalid_request', sentence, { param: 'tools' });
    names.add(name);
  }
}

type ListedTool = AllowedTools['tools'][number];

const modes = { none: 'none', auto: 'auto', required: 'any' } as const;

/** Throws for a choice of a tool that was not declared, or that is not run here. */
export function toToolChoice(choice: WireToolChoice | null | undefined, tools: readonly Tool[]): ToolChoice | null {
  if (choice == null) return null;
  if (typeof choice === 'string') return { mode: modes[choice], allowed: null };
  if (choice.type === 'allowed_tools') {
    const { mode, tools: listed } = choice as AllowedTools;
    const allowed = listed.map((each, index) => declared(each, tools, `tool_choice.tools[${index}]`));
    return { mode: modes[mode], allowed };
  }
  if (choice.type === 'function' || choice.type === 'custom') {
    return { mode: 'any', allowed: [declared(choice as ListedTool, tools, 'tool_choice')] };
  }
  throw new GatewayError('unsupported_value', `Tools of type '${choice.type}' are not run here.`, {
    param: 'tool_choice.type',
  });
}

/** The name under which the model knows the tool. */
function declared({ name, namespace }: ListedTool, tools: readonly Tool[], path: string): string {
  assertThat(name !== undefined, 'unsupported_value', 'Only function and custom tools, by their name, can be chosen.', {
    param: `${path}.type`,
  });
  const flat = flatName({ name, namespace });
  assertThat(
    tools.some((tool) => tool.name === flat),
    'invalid_request',
    `Tool '${name}' is not among the tools of the request.`,
    { param: `${path}.name` },
  );
  return flat;
}
