import { z } from 'zod';
import type { Media, MessagePart } from '../../../core/chat.ts';
import { assertThat, GatewayError } from '../../../core/errors.ts';
import { mediaTypeOfName } from '../../../core/media-type.ts';

const detail = z.enum(['low', 'high', 'auto', 'original']).nullish();

const text = z.looseObject({ type: z.enum(['input_text', 'output_text']), text: z.string() });
const refusal = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });
const image = z.looseObject({
  type: z.literal('input_image'),
  image_url: z.string().nullish(),
  file_id: z.string().nullish(),
  detail,
});
const file = z.looseObject({
  type: z.literal('input_file'),
  file_data: z.string().nullish(),
  file_url: z.url({ protocol: /^https?$/ }).nullish(),
  file_id: z.string().nullish(),
  filename: z.string().nullish(),
  detail,
});
const audio = z.looseObject({
  type: z.literal('input_audio'),
  input_audio: z.looseObject({ data: z.base64(), format: z.string().min(1) }),
});

/** What a message is made of. */
export const messageContent = z.union([
  z.string(),
  z.array(z.discriminatedUnion('type', [text, refusal, image, file, audio])),
]);

/** What a tool has answered. */
export const toolOutput = z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file]))]);

type Content = z.output<typeof messageContent>;
type ContentPart = Exclude<Content, string>[number];
type ToolOutput = z.output<typeof toolOutput>;
type ToolOutputPart = Exclude<ToolOutput, string>[number];

/** `path` is where the content stands in the request, for errors. */
export function contentParts(content: Content, path: string): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part, index) => partOf(part, `${path}[${index}]`));
}

/** The same of a tool's answer, which has fewer kinds of parts. */
export function toolOutputParts(output: ToolOutput, path: string) {
  if (typeof output === 'string') return [{ type: 'text' as const, text: output }];
  return output.map((part, index) => toolOutputPartOf(part, `${path}[${index}]`));
}

function partOf(part: ContentPart, path: string): MessagePart {
  switch (part.type) {
    case 'refusal':
      return { type: 'refusal', text: part.refusal };
    case 'input_audio': {
      const { data, format } = part.input_audio;
      return { type: 'audio', source: { kind: 'data', mediaType: `audio/${format}`, data }, format };
    }
    default:
      return toolOutputPartOf(part, path);
  }
}

function toolOutputPartOf(part: ToolOutputPart, path: string) {
  switch (part.type) {
    case 'input_image':
      return { type: 'image' as const, source: imageSource(part, path), detail: part.detail ?? null };
    case 'input_file':
      return { type: 'file' as const, source: fileSource(part, path), name: part.filename ?? null };
    default:
      return { type: 'text' as const, text: part.text };
  }
}

function imageSource({ image_url, file_id }: z.output<typeof image>, path: string): Media {
  const given = onlyOne({ image_url, file_id }, path);
  if (given === 'file_id') return storedFile(file_id, path);
  return dataUrl(image_url ?? '') ?? webAddress(image_url ?? '', `${path}.image_url`);
}

function fileSource({ file_data, file_url, file_id, filename }: z.output<typeof file>, path: string): Media {
  const given = onlyOne({ file_data, file_url, file_id }, path);
  if (given === 'file_id') return storedFile(file_id, path);
  if (given === 'file_url') return { kind: 'url', url: file_url ?? '' };
  const source = dataUrl(file_data ?? '') ?? bareBase64(file_data ?? '', filename ?? '');
  assertThat(source, 'invalid_request', 'Expected a data URL or base64.', { param: `${path}.file_data` });
  return source;
}

/** The name of the one field that says where the content is. Throws for none, and for one too many. */
function onlyOne(fields: Record<string, string | null | undefined>, path: string): string {
  const names = Object.keys(fields);
  const given = names.filter((name) => Boolean(fields[name]));
  const [name = names[0] ?? ''] = given.slice(-1);
  const sentence = `Expected one of ${names.join(', ')}, got ${given.length === 0 ? 'none' : given.join(' and ')}.`;
  assertThat(given.length === 1, 'invalid_request', sentence, { param: `${path}.${name}` });
  return name;
}

function storedFile(id: string | null | undefined, path: string): Media {
  return { kind: 'file', id: id ?? '', param: `${path}.file_id` };
}

const dataUrlPattern = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,([A-Za-z0-9+/]+={0,2})$/;

function dataUrl(text: string): Media | null {
  const [, mediaType = 'application/octet-stream', data] = dataUrlPattern.exec(text) ?? [];
  return data === undefined ? null : { kind: 'data', mediaType, data };
}

function webAddress(url: string, param: string): Media {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return { kind: 'url', url };
  throw new GatewayError('invalid_request', 'Expected an http or https address, or a data URL in base64.', { param });
}

/** Without a data URL around it, only the file's name tells what it is. */
function bareBase64(text: string, filename: string): Media | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  return { kind: 'data', mediaType: mediaTypeOfName(filename), data: text };
}
