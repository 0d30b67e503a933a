import type { Media, Message, MessagePart, ReasoningTrace, ToolCall, ToolResult } from '../../../../core/chat.ts';
import { sentMedia } from '../../translation/media.ts';

type Item = Record<string, unknown>;
type Said = Exclude<MessagePart, ToolCall | ToolResult | ReasoningTrace>;

/** Messages of the core as items: each thought, call and result one of its own, in its place. */
export function toItems(messages: readonly Message[]): Item[] {
  const customCalls = new Set<string>();
  const all = messages.flatMap(({ role, parts }) => {
    const items: Item[] = [];
    let content: Item[] | null = null;
    for (const part of parts) {
      const item = itemOf(part, customCalls);
      if (item) {
        items.push(...item);
        content = null;
      } else if (isSaid(part)) {
        if (content === null) {
          content = [];
          items.push({ type: 'message', role, content });
        }
        content.push(contentOf(part, role));
        // A message is of one phase: each was an item, and is a turn, of its own.
        if (part.type === 'text' && part.phase) Object.assign(items.at(-1) ?? {}, { phase: part.phase });
      }
    }
    return items;
  });
  return withoutLoneThoughts(all);
}

/** The vendor refuses a thought that nothing of the same turn came of, such as one that was cut off. */
function withoutLoneThoughts(items: readonly Item[]): Item[] {
  const sent: Item[] = [];
  let isFollowed = false;
  for (const item of items.toReversed()) {
    const isThought = item['type'] === 'reasoning';
    if (!isThought) isFollowed = isOfModel(item);
    if (!isThought || isFollowed) sent.push(item);
  }
  return sent.reverse();
}

function isOfModel({ type, role }: Item): boolean {
  return type === 'function_call' || type === 'custom_tool_call' || role === 'assistant';
}

/** Null for what is said in a message; a thought that is not signed is none that the vendor takes back. */
function itemOf(part: MessagePart, customCalls: Set<string>): Item[] | null {
  switch (part.type) {
    case 'reasoning':
      return part.signature === null ? [] : [thought(part, part.signature)];
    case 'tool_call': {
      const { id: call_id, kind, name, arguments: text } = part;
      if (kind === 'function') return [{ type: 'function_call', call_id, name, arguments: text }];
      customCalls.add(call_id);
      return [{ type: 'custom_tool_call', call_id, name, input: text }];
    }
    case 'tool_result': {
      const type = customCalls.has(part.callId) ? 'custom_tool_call_output' : 'function_call_output';
      return [{ type, call_id: part.callId, output: outputOf(part) }];
    }
    default:
      return null;
  }
}

/** An id that is not the vendor's says nothing to it. */
function thought({ id, text, isSummary }: ReasoningTrace, signature: string): Item {
  const summary = isSummary && text !== '' ? [{ type: 'summary_text', text }] : [];
  return { type: 'reasoning', ...(id?.startsWith('rs_') && { id }), summary, encrypted_content: signature };
}

function outputOf({ parts }: ToolResult): string | Item[] {
  const texts = parts.flatMap((part) => (part.type === 'text' ? part.text : []));
  return texts.length === parts.length ? texts.join('') : parts.map((part) => contentOf(part, 'user'));
}

function contentOf(part: Said, role: Message['role']): Item {
  switch (part.type) {
    case 'text':
      return { type: role === 'assistant' ? 'output_text' : 'input_text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      return {
        type: 'input_image',
        image_url: urlOf(part.source),
        ...(part.detail !== null && { detail: part.detail }),
      };
    case 'audio': {
      const { source, format } = part;
      return { type: 'input_audio', input_audio: { data: source.kind === 'data' ? source.data : '', format } };
    }
    case 'file': {
      const url = urlOf(part.source);
      const filename = part.name !== null && { filename: part.name };
      return part.source.kind === 'url'
        ? { type: 'input_file', file_url: url }
        : { type: 'input_file', ...filename, file_data: url };
    }
  }
}

function urlOf(media: Media): string {
  const source = sentMedia(media);
  return source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

function isSaid(part: MessagePart): part is Said {
  return part.type !== 'reasoning' && part.type !== 'tool_call' && part.type !== 'tool_result';
}
