import type { MessagePart, ToolResult } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';
import { toMedia, withoutLineBreaks } from './media.ts';
import type { WirePart } from './message-schema.ts';

type PartOf<Type extends WirePart['type']> = Extract<WirePart, { type: Type }>;

const audioTypes = { wav: 'audio/wav', mp3: 'audio/mpeg' } as const;

type ContentPart = Extract<MessagePart, { type: 'text' | 'refusal' | 'image' | 'audio' | 'file' }>;
type ResultPart = ToolResult['parts'][number];
type Content<Part> = string | readonly Part[] | null | undefined;

/** `path` is the message's. Kinds of parts stay what they are, so that a result has none but its own. */
export function toParts(content: Content<PartOf<'text' | 'image_url' | 'file'>>, path: string): ResultPart[];
export function toParts(content: Content<WirePart>, path: string): ContentPart[];
export function toParts(content: Content<WirePart>, path: string): ContentPart[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index) => toPart(part, `${path}.content[${index}]`));
}

function toPart(part: WirePart, path: string): ContentPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', text: part.refusal };
    case 'image_url': {
      const { url, detail } = part.image_url;
      return { type: 'image', source: toMedia(url, `${path}.image_url.url`), detail: detail ?? null };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const source = { kind: 'data', mediaType: audioTypes[format], data: withoutLineBreaks(data) } as const;
      return { type: 'audio', source, format };
    }
    case 'file':
      return toFile(part, `${path}.file`);
  }
}

function toFile({ file }: PartOf<'file'>, path: string): ContentPart {
  if (file.file_data) {
    return { type: 'file', source: toMedia(file.file_data, `${path}.file_data`), name: file.filename ?? null };
  }
  if (file.file_id) {
    const message = `${path}.file_id: There is no store of files here. Send the file itself as file_data.`;
    throw new GatewayError('unsupported_value', message, { param: `${path}.file_id` });
  }
  throw new GatewayError('invalid_request', `${path}.file_data: Required: expected a string.`, {
    param: `${path}.file_data`,
  });
}
