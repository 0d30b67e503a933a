import type { Media, Message, MessagePart, ToolCall, ToolResult } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import { sentMedia } from '../translation/media.ts';
import type { ChatTraits } from './description.ts';

export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | readonly WirePart[] | null;
  name?: string;
  refusal?: string;
  reasoning_content?: string;
  tool_calls?: readonly WireToolCall[];
  tool_call_id?: string;
}

export type WirePart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string; detail?: string } }
  | { type: 'input_audio'; input_audio: string | { data: string; format: string } }
  | { type: 'file'; file: { filename?: string; file_data: string } }
  | { type: 'document_url'; document_url: string; document_name?: string };

type WireToolCall =
  | { id: string; type: 'function'; function: { name: string; arguments: string } }
  | { id: string; type: 'custom'; custom: { name: string; input: string } };

type ContentPart = Extract<MessagePart, { type: 'text' | 'image' | 'audio' | 'file' }>;

/** Messages of the core as those of Chat Completions; one with results of tools becomes several. */
export function toWireMessages(messages: readonly Message[], traits: ChatTraits): WireMessage[] {
  return messages.flatMap((message) => {
    if (message.role === 'assistant') return [fromAssistant(message, traits)];
    const results = partsOf(message, 'tool_result');
    const content = [...results.flatMap(attachmentsOf), ...message.parts.filter(isContent)];
    return [
      ...results.map(toToolMessage),
      ...(content.length > 0 || results.length === 0
        ? [{ role: message.role, content: contentOf(content), ...(message.name !== null && { name: message.name }) }]
        : []),
    ];
  });
}

function fromAssistant(message: Message, { replaysReasoning, newerTools }: ChatTraits): WireMessage {
  const text = partsOf(message, 'text').map((part) => part.text);
  const refusals = partsOf(message, 'refusal').map((part) => part.text);
  const thoughts = partsOf(message, 'reasoning').map((part) => part.text);
  const calls = partsOf(message, 'tool_call');
  return {
    role: 'assistant',
    content: text.length > 0 || calls.length + refusals.length === 0 ? text.join('') : null,
    ...(message.name !== null && { name: message.name }),
    ...(refusals.length > 0 && { refusal: refusals.join('') }),
    ...(replaysReasoning && thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => toWireCall(call, newerTools)) }),
  };
}

function toWireCall({ id, kind, name, arguments: text }: ToolCall, newerTools: boolean): WireToolCall {
  if (kind === 'function') return { id, type: 'function', function: { name, arguments: text } };
  if (newerTools) return { id, type: 'custom', custom: { name, input: text } };
  return { id, type: 'function', function: { name, arguments: JSON.stringify({ input: text }) } };
}

/** A tool's answer is text here; its pictures and files follow in the user's message after it. */
function toToolMessage({ callId, parts }: ToolResult): WireMessage {
  const texts = parts.filter((part) => part.type === 'text').map((part) => part.text);
  const isAttached = texts.length === 0 && parts.length > 0;
  return { role: 'tool', tool_call_id: callId, content: isAttached ? '(in the next message)' : texts.join('') };
}

function attachmentsOf({ parts }: ToolResult): ContentPart[] {
  return parts.filter((part) => part.type !== 'text');
}

function contentOf(parts: readonly ContentPart[]): string | WirePart[] {
  const [only] = parts;
  if (only === undefined) return '';
  return parts.length === 1 && only.type === 'text' ? only.text : parts.map(toWirePart);
}

function toWirePart(part: ContentPart): WirePart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      // This API has no word for the original size; its next best is the high one.
      const detail = part.detail === 'original' ? 'high' : part.detail;
      return { type: 'image_url', image_url: { url: urlOf(part.source), ...(detail !== null && { detail }) } };
    }
    case 'audio':
      return { type: 'input_audio', input_audio: { data: inline(part.source, 'sound').data, format: part.format } };
    case 'file': {
      const { mediaType, data } = inline(part.source, 'files');
      const file_data = `data:${mediaType};base64,${data}`;
      return { type: 'file', file: { ...(part.name !== null && { filename: part.name }), file_data } };
    }
  }
}

function urlOf(media: Media): string {
  const source = sentMedia(media);
  return source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

/** Throws for an address: who is asked here does not fetch, and neither do we. */
function inline(media: Media, what: string): { mediaType: string; data: string } {
  const source = sentMedia(media);
  if (source.kind === 'data') return source;
  throw new GatewayError(
    'unsupported_value',
    `The provider of this model takes ${what} within the request; got the address of one.`,
    { param: 'messages' },
  );
}

function isContent(part: MessagePart): part is ContentPart {
  return part.type === 'text' || part.type === 'image' || part.type === 'audio' || part.type === 'file';
}

function partsOf<T extends MessagePart['type']>(message: Message, type: T): Extract<MessagePart, { type: T }>[] {
  return message.parts.filter((part): part is Extract<MessagePart, { type: T }> => part.type === type);
}
