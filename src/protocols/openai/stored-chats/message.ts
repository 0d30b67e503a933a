import { z } from 'zod';
import type { Media, Message, MessagePart, ToolCall } from '../../../core/chat.ts';
import { idPrefix } from '../chat/answer.ts';
import { toolCallSchema, type WireToolCall } from '../chat/answer-schema.ts';

const contentPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string(), detail: z.string().optional() }) }),
  z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: z.string(), format: z.string() }),
  }),
  z.object({
    type: z.literal('file'),
    file: z.object({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().optional(),
    }),
  }),
]);
type WirePart = z.input<typeof contentPart>;

export const storedMessage = z.object({
  id: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  name: z.string().nullable(),
  content: z.string().nullable().describe('The text of it.'),
  content_parts: z.array(contentPart).nullable().describe('All of it, where it is more than text.'),
  refusal: z.string().nullable(),
  tool_calls: z.array(toolCallSchema).optional(),
  tool_call_id: z.string().optional(),
});
type WireMessage = z.input<typeof storedMessage>;
type Unnumbered = Omit<WireMessage, 'id'>;

/** Under the id of the completion and a number that counts from 0. What a model thought is not shown. */
export function presentMessages(completionId: string, messages: readonly Message[]): WireMessage[] {
  return messages.flatMap(split).map((message, index) => ({ id: `${idPrefix}${completionId}-${index}`, ...message }));
}

/** Results of tools are messages of their own here. */
function split({ role, name, parts }: Message): Unnumbered[] {
  const results = parts.filter((part) => part.type === 'tool_result');
  const answered = results.map((result) => ({
    ...presentContent(result.parts),
    role: 'tool' as const,
    name: result.name,
    tool_call_id: result.callId,
  }));
  const rest = parts.filter((part) => part.type !== 'tool_result');
  return rest.length === 0 && results.length > 0 ? answered : [...answered, { ...presentContent(rest), role, name }];
}

function presentContent(parts: readonly MessagePart[]): Omit<Unnumbered, 'role' | 'name'> {
  const contents = parts.flatMap(presentPart);
  const texts = contents.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const refusals = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : []));
  const calls = parts.filter((part) => part.type === 'tool_call');
  return {
    content: texts.length === 0 ? null : texts.join(''),
    content_parts: contents.length === texts.length ? null : contents,
    refusal: refusals.length === 0 ? null : refusals.join(''),
    ...(calls.length > 0 && { tool_calls: calls.map(presentCall) }),
  };
}

function presentPart(part: MessagePart): WirePart[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image': {
      const detail = part.detail === null ? {} : { detail: part.detail };
      return [{ type: 'image_url', image_url: { url: addressOf(part.source), ...detail } }];
    }
    case 'audio': {
      const data = part.source.kind === 'data' ? part.source.data : addressOf(part.source);
      return [{ type: 'input_audio', input_audio: { data, format: part.format } }];
    }
    case 'file': {
      const filename = part.name === null ? {} : { filename: part.name };
      const { source } = part;
      const content = source.kind === 'file' ? { file_id: source.id } : { file_data: addressOf(source) };
      return [{ type: 'file', file: { ...content, ...filename } }];
    }
    default:
      return [];
  }
}

function addressOf(source: Media): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'data':
      return `data:${source.mediaType};base64,${source.data}`;
    case 'file':
      return source.id;
  }
}

function presentCall({ id, kind, name, arguments: input }: ToolCall): WireToolCall {
  return kind === 'custom'
    ? { id, type: kind, custom: { name, input } }
    : { id, type: kind, function: { name, arguments: input } };
}
