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
    return { ...item, ...(type === 'message' && messageInFull(item)), type, id };
  });
}

function messageInFull({ role, content, status }: NewItem): Record<string, unknown> {
  const isSaid = role === 'assistant';
  const text = isSaid ? { type: 'output_text', text: content, annotations: [] } : { type: 'input_text', text: content };
  return { status: status ?? 'completed', content: typeof content === 'string' ? [text] : content };
}
