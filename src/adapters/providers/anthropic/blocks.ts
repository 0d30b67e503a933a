import { escapeToolId } from '../../../core/chat/tables/tool-ids.ts';
import type { Media, MessagePart, ToolResult } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
import { argumentsOf } from '../translation/custom-tools.ts';
import { sentMedia } from '../translation/media.ts';
import { cannot } from '../translation/without.ts';
import type { WireBlock, WireSource } from './wire.ts';

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** A part as Claude reads it; nothing for one that says nothing. Throws with `param` for what Claude cannot read. */
export function toBlocks(part: MessagePart, param: string): readonly WireBlock[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // An empty text is refused by the API.
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      return [{ type: 'image', source: imageSource(part.source, param) }];
    case 'file': {
      const title = part.name === null ? {} : { title: part.name };
      return [{ type: 'document', source: documentSource(part.source, param), ...title }];
    }
    case 'audio':
      throw cannot(param, 'Models of Anthropic do not hear. Send text, images or PDF files.');
    case 'tool_call':
      return [{ type: 'tool_use', id: toolId(part.id, param), name: part.name, input: argumentsOf(part, param) }];
    case 'tool_result':
      return [toResult(part, param)];
    case 'reasoning':
      if (part.signature === null) return [];
      if (part.redacted) return [{ type: 'redacted_thinking', data: part.signature }];
      return [{ type: 'thinking', thinking: part.text, signature: part.signature }];
  }
}

function toResult(result: ToolResult, param: string): WireBlock {
  const content = result.parts.flatMap((part) => toBlocks(part, param));
  const error = result.isError ? { is_error: true as const } : {};
  return { type: 'tool_result', tool_use_id: toolId(result.callId, param), content, ...error };
}

function toolId(id: string, param: string): string {
  const escaped = escapeToolId(id);
  assertThat(escaped, 'invalid_request', `Expected a shorter id of a tool call; got ${id.length} characters.`, {
    param,
  });
  return escaped;
}

function imageSource(source: Media, param: string): WireSource {
  const media = sentMedia(source);
  if (media.kind === 'url') return { type: 'url', url: media.url };
  if (!imageTypes.includes(media.mediaType)) {
    throw cannot(param, `Models of Anthropic see JPEG, PNG, GIF and WebP; got ${media.mediaType}.`);
  }
  return { type: 'base64', media_type: media.mediaType, data: media.data };
}

function documentSource(source: Media, param: string): WireSource {
  const media = sentMedia(source);
  if (media.kind === 'url') return { type: 'url', url: media.url };
  if (media.mediaType === 'application/pdf') {
    return { type: 'base64', media_type: 'application/pdf', data: media.data };
  }
  if (media.mediaType === 'text/plain' || media.mediaType === 'text/markdown') {
    return { type: 'text', media_type: 'text/plain', data: Buffer.from(media.data, 'base64').toString('utf8') };
  }
  throw cannot(param, `Models of Anthropic read PDF and plain text; got ${media.mediaType}.`);
}
