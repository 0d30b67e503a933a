import type { Item, NewItem } from '../../../core/response.ts';

const prefixes: Record<string, string> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
};

/** Items as they are kept: each with an id, its own or one made of `base`, and with what goes without saying. */
export function keptItems(items: readonly NewItem[], base: string): Item[] {
  return items.map((item, index) => {
    const type = item.type ?? 'message';
    const id = item.id ?? `${prefixes[type] ?? 'item'}_${base}_i${index}`;
    const status = type === 'reasoning' ? {} : { status: item['status'] ?? 'completed' };
    return { ...item, ...status, ...(type === 'message' && { content: partsOf(item) }), type, id };
  });
}

function partsOf({ role, content }: NewItem): unknown {
  const text = { type: role === 'assistant' ? 'output_text' : 'input_text', text: content };
  return typeof content === 'string' ? [text] : content;
}
