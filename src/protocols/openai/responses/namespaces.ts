import type { Block } from '../../../core/chat/parts.ts';
import type { WireTool } from './tool-schema.ts';

/** A tool as its caller calls it; null outside all namespaces. */
export interface NamedTool {
  name: string;
  namespace?: string | null | undefined;
}

/** The one name under which a model knows a tool: most vendors have no namespaces. */
export function flatName({ name, namespace }: NamedTool): string {
  if (namespace == null) return name;
  return namespace.endsWith('_') ? `${namespace}${name}` : `${namespace}_${name}`;
}

/** A block of the answer with the caller's name for the tool that it calls, and the namespace of that. */
export function inCallersWords(block: Block, tools: readonly WireTool[]): { block: Block; namespace: string | null } {
  if (block.kind !== 'tool_call') return { block, namespace: null };
  for (const tool of tools) {
    if (tool.type !== 'namespace') continue;
    const { name: namespace } = tool;
    const called = tool.tools.find(({ name }) => flatName({ name, namespace }) === block.name);
    if (called) return { block: { ...block, name: called.name }, namespace };
  }
  return { block, namespace: null };
}
