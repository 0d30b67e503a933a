import type { Block } from '../../../core/chat/parts.ts';
import type { ItemForm } from './item-form.ts';
import { refusal, text } from './message-items.ts';
import { reasoningSummary, reasoningText } from './reasoning-items.ts';
import { customToolCall, functionCall } from './tool-call-items.ts';

/** How a block of the model's answer becomes an item. */
export function formOf(block: Block): ItemForm {
  if (block.kind === 'tool_call') return block.toolKind === 'custom' ? customToolCall : functionCall;
  if (block.kind === 'reasoning') return block.isSummary ? reasoningSummary : reasoningText;
  return block.kind === 'refusal' ? refusal : text;
}
