import type { Item } from '../../../core/response.ts';
import { type Draft, type ItemForm, type ItemStatus, signed } from './item-form.ts';

export const functionCall: ItemForm = {
  prefix: 'fc',
  item: (draft, status) => ({ ...toolCall(draft, 'function_call', status), arguments: draft.text, ...signed(draft) }),
  begin: () => [],
  grow: (_draft, delta) => [{ type: 'response.function_call_arguments.delta', delta }],
  end: (draft) => [
    { type: 'response.function_call_arguments.done', name: toolCallOf(draft).name, arguments: draft.text },
  ],
};

export const customToolCall: ItemForm = {
  prefix: 'ctc',
  item: (draft, status) => ({ ...toolCall(draft, 'custom_tool_call', status), input: draft.text, ...signed(draft) }),
  begin: () => [],
  grow: (_draft, delta) => [{ type: 'response.custom_tool_call_input.delta', delta }],
  end: (draft) => [{ type: 'response.custom_tool_call_input.done', input: draft.text }],
};

function toolCall(draft: Draft, type: string, status: ItemStatus): Item {
  const { callId, name } = toolCallOf(draft);
  const { namespace } = draft;
  return { id: draft.id, type, status, call_id: callId, name, ...(namespace !== null && { namespace }) };
}

function toolCallOf({ block }: Draft): { callId: string; name: string } {
  return block.kind === 'tool_call' ? block : { callId: '', name: '' };
}
