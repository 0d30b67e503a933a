import type { Media, MessagePart, ToolResult } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
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
  return { type: 'file', source: fileSource(file, path), name: file.filename ?? null };
}

function fileSource({ file_data, file_id }: PartOf<'file'>['file'], path: string): Media {
  const param = `${path}.${file_id ? 'file_id' : 'file_data'}`;
  const isOne = Boolean(file_data) !== Boolean(file_id);
  assertThat(isOne, 'invalid_request', `${param}: Expected either file_data or file_id.`, { param });
  return file_id ? { kind: 'file', id: file_id, param } : toMedia(file_data ?? '', param);
}
