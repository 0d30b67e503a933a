import type { Phase } from '../../../core/chat/parts.ts';
import type { Message, MessagePart, ToolCall, ToolResult } from '../../../core/chat.ts';
import { contentParts, toolOutputParts } from './content.ts';
import type { ConversationItem } from './input-items.ts';
import { flatName } from './namespaces.ts';

type Draft = Message & { parts: MessagePart[] };
type OfType<T extends ConversationItem['type']> = Extract<ConversationItem, { type: T }>;

/**
 * Items as messages. Thoughts, text and calls that follow each other are one turn of the assistant, and results that
 * follow each other are one turn of the user, each in the order they came. `path` is where the items stand, for errors;
 * the first `earlier` of them were said before, and are not in the request.
 */
export function messagesOf(items: readonly ConversationItem[], path = 'input', earlier = 0): Message[] {
  const messages: Draft[] = [];
  const toolNames = new Map<string, string>();

  function assistant(...parts: MessagePart[]): void {
    const last = messages.at(-1);
    const isSameTurn = last?.role === 'assistant' && !(parts.some(isSaid) && last.parts.some(isSaid));
    if (isSameTurn) last.parts.push(...parts);
    else messages.push({ role: 'assistant', name: null, parts });
  }

  function result(item: OfType<'function_call_output' | 'custom_tool_call_output'>, at: string): void {
    const part = toolResult(item, toolNames.get(item.call_id) ?? null, at);
    const last = messages.at(-1);
    if (last?.role === 'user' && last.parts.at(-1)?.type === 'tool_result') last.parts.push(part);
    else messages.push({ role: 'user', name: null, parts: [part] });
  }

  for (const [index, item] of items.entries()) {
    const at = index < earlier ? `context[${index}]` : `${path}[${index - earlier}]`;
    switch (item.type) {
      case 'reasoning':
        assistant(...thoughts(item));
        break;
      case 'function_call':
      case 'custom_tool_call':
        toolNames.set(item.call_id, flatName(item));
        assistant(toolCall(item));
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        result(item, at);
        break;
      default: {
        const parts = contentParts(item.content, `${at}.content`);
        if (item.role === 'assistant') assistant(...inPhase(parts, item.phase));
        else messages.push({ role: item.role === 'user' ? 'user' : 'system', name: null, parts });
      }
    }
  }
  return messages.filter((message) => message.parts.length > 0);
}

function isSaid({ type }: MessagePart): boolean {
  return type === 'text' || type === 'refusal';
}

function inPhase(parts: readonly MessagePart[], phase: Phase | null | undefined): readonly MessagePart[] {
  return phase ? parts.map((part) => (part.type === 'text' ? { ...part, phase } : part)) : parts;
}

/** One without text and signature says nothing to anybody. */
function thoughts({ id, summary, content, encrypted_content }: OfType<'reasoning'>): MessagePart[] {
  const isSummary = summary.length > 0 || !content?.length;
  const text = (isSummary ? summary : (content ?? [])).map((part) => part.text).join('\n\n');
  const signature = encrypted_content ?? null;
  if (text === '' && signature === null) return [];
  return [{ type: 'reasoning', id: id ?? null, text, isSummary, signature, redacted: text === '' }];
}

function toolCall(item: OfType<'function_call' | 'custom_tool_call'>): ToolCall {
  const { call_id: id } = item;
  const name = flatName(item);
  const signature = item.encrypted_content ?? null;
  return item.type === 'function_call'
    ? { type: 'tool_call', id, kind: 'function', name, arguments: item.arguments || '{}', signature }
    : { type: 'tool_call', id, kind: 'custom', name, arguments: item.input, signature };
}

function toolResult(
  item: OfType<'function_call_output' | 'custom_tool_call_output'>,
  name: string | null,
  at: string,
): ToolResult {
  const parts = toolOutputParts(item.output, `${at}.output`);
  return { type: 'tool_result', callId: item.call_id, name, isError: false, parts };
}
