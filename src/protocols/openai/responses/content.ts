import { z } from 'zod';
import type { Media, MessagePart } from '../../../core/chat.ts';
import { assertThat, GatewayError } from '../../../core/errors.ts';

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
  input_audio: z.object({ data: z.base64(), format: z.string().min(1) }),
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
  refuseFileId(file_id, path);
  assertThat(image_url, 'invalid_request', 'Expected the address of an image or a data URL.', {
    param: `${path}.image_url`,
  });
  return dataUrl(image_url) ?? webAddress(image_url, `${path}.image_url`);
}

function fileSource({ file_data, file_url, file_id, filename }: z.output<typeof file>, path: string): Media {
  refuseFileId(file_id, path);
  if (file_url) return { kind: 'url', url: file_url };
  assertThat(file_data, 'invalid_request', 'Expected file_data or file_url.', { param: `${path}.file_data` });
  const source = dataUrl(file_data) ?? bareBase64(file_data, filename ?? '');
  assertThat(source, 'invalid_request', 'Expected a data URL or base64.', { param: `${path}.file_data` });
  return source;
}

function refuseFileId(id: string | null | undefined, path: string): void {
  assertThat(id == null, 'unsupported_value', 'Stored files cannot be used here yet; send the content itself.', {
    param: `${path}.file_id`,
  });
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

const mediaTypes: Record<string, string> = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Without a data URL around it, only the file's name tells what it is. */
function bareBase64(text: string, filename: string): Media | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const extension = filename.split('.').at(-1)?.toLowerCase() ?? '';
  return { kind: 'data', mediaType: mediaTypes[extension] ?? 'application/octet-stream', data: text };
}
