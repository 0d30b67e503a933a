import type { ChatRequest, Tool, ToolChoice } from '../../../core/chat.ts';
import { asFunction } from '../translation/custom-tools.ts';
import type { ChatTraits } from './description.ts';

interface WireTools {
  tools?: readonly object[];
  tool_choice?: string | object;
}

/** Tools, and which of them may be called. Where a vendor knows no choice among some, it is shown only those. */
export function toWireTools({ tools, toolChoice: choice }: ChatRequest, traits: ChatTraits): WireTools {
  const allowed = choice?.allowed ?? null;
  const shown = allowed === null || traits.newerTools ? tools : tools.filter((tool) => allowed.includes(tool.name));
  if (shown.length === 0) return {};
  return {
    tools: shown.map((tool) => toWireTool(tool, tools.indexOf(tool), traits)),
    ...(choice !== null && { tool_choice: toWireChoice(choice, tools, traits) }),
  };
}

function toWireTool(tool: Tool, index: number, { newerTools, name: vendor }: ChatTraits): object {
  const description = tool.description !== null && { description: tool.description };
  if (tool.kind === 'custom' && newerTools) {
    const format = tool.grammar && { format: { type: 'grammar', grammar: tool.grammar } };
    return { type: 'custom', custom: { name: tool.name, ...description, ...format } };
  }
  const { name, parameters } = newerTools ? tool : asFunction(vendor, tool, index);
  const strict = tool.strict !== null && { strict: tool.strict };
  return { type: 'function', function: { name, ...description, ...(parameters && { parameters }), ...strict } };
}

function toWireChoice({ mode, allowed }: ToolChoice, tools: readonly Tool[], traits: ChatTraits): string | object {
  const word = mode === 'any' ? traits.mustCall : mode;
  if (allowed === null || mode === 'none') return word;
  const references = allowed.map((name) => toReference(name, tools, traits.newerTools));
  const [only] = references;
  if (mode === 'any' && only && references.length === 1) return only;
  if (!traits.newerTools) return word;
  return { type: 'allowed_tools', allowed_tools: { mode: word, tools: references } };
}

function toReference(name: string, tools: readonly Tool[], newerTools: boolean): object {
  const kind = newerTools ? (tools.find((tool) => tool.name === name)?.kind ?? 'function') : 'function';
  return { type: kind, [kind]: { name } };
}
