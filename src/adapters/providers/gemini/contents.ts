import type { Media, Message, MessagePart, ToolCall, ToolResult } from '../../../core/chat.ts';
import { assertThat } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json/is-record.ts';
import { argumentsOf } from '../translation/custom-tools.ts';
import { sentMedia } from '../translation/media.ts';
import type { WireContent, WirePart } from './wire.ts';

/** Accepted in place of the signature of a call that another model made. */
const foreignSignature = 'skip_thought_signature_validator';

const typesByExtension: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  mp4: 'video/mp4',
};

export interface Contents {
  /** Texts of the system, wherever they stood: there is one place for them. */
  system: readonly string[];
  contents: readonly WireContent[];
}

/** Turns that alternate. With `signsCalls` the model refuses calls of its own turn that bear no signature. */
export function toContents(messages: readonly Message[], signsCalls: boolean): Contents {
  const system: string[] = [];
  const contents: { role: WireContent['role']; parts: WirePart[] }[] = [];
  const names = new Map<string, string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system') {
      system.push(...message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
      continue;
    }
    for (const part of message.parts) if (part.type === 'tool_call') names.set(part.id, part.name);
    const parts = message.parts.flatMap((part, place) => toParts(part, names, `messages[${index}].content[${place}]`));
    if (parts.length === 0) continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  assertThat(contents.length > 0, 'invalid_request', 'Expected at least one message of the user.', {
    param: 'messages',
  });
  const turns = contents.map(({ role, parts }) => ({ role, parts: responsesFirst(parts) }));
  return { system, contents: signsCalls ? turns.map(withSignature) : turns };
}

/** They must come directly after their calls. */
function responsesFirst(parts: readonly WirePart[]): readonly WirePart[] {
  const isResponse = ({ functionResponse }: WirePart) => functionResponse !== undefined;
  return [...parts.filter(isResponse), ...parts.filter((part) => !isResponse(part))];
}

/** Of several calls in a turn the first bears the signature. */
function withSignature({ role, parts }: WireContent): WireContent {
  const first = parts.findIndex(({ functionCall }) => functionCall !== undefined);
  const signed = parts.map((part, index) =>
    index === first ? { ...part, thoughtSignature: part.thoughtSignature ?? foreignSignature } : part,
  );
  return { role, parts: signed };
}

function toParts(part: MessagePart, names: ReadonlyMap<string, string>, param: string): readonly WirePart[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
    case 'file':
    case 'audio':
      return [toMedia(part.source)];
    case 'tool_call':
      return [toCall(part, param)];
    case 'tool_result':
      return [toResponse(part, names, param)];
    case 'reasoning': {
      if (part.signature === null) return [];
      const signed = { text: part.text, thoughtSignature: part.signature };
      return [part.redacted ? signed : { ...signed, thought: true }];
    }
  }
}

function toMedia(source: Media): WirePart {
  const media = sentMedia(source);
  if (media.kind === 'data') return { inlineData: { mimeType: media.mediaType, data: media.data } };
  const extension = /\.(\w+)(?:[?#]|$)/.exec(media.url)?.[1]?.toLowerCase() ?? '';
  const mimeType = typesByExtension[extension];
  return { fileData: { fileUri: media.url, ...(mimeType !== undefined && { mimeType }) } };
}

function toCall(call: ToolCall, param: string): WirePart {
  const functionCall = { id: call.id, name: call.name, args: argumentsOf(call, param) };
  return call.signature === null ? { functionCall } : { functionCall, thoughtSignature: call.signature };
}

function toResponse(result: ToolResult, names: ReadonlyMap<string, string>, param: string): WirePart {
  const name = result.name ?? names.get(result.callId);
  assertThat(name !== undefined, 'invalid_request', `Expected the call ${result.callId} before its result.`, { param });
  const text = result.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const media = result.parts.flatMap((part) => (part.type === 'text' ? [] : [toMedia(part.source)]));
  const response = toObject(text, result.isError);
  return { functionResponse: { id: result.callId, name, response, ...(media.length > 0 && { parts: media }) } };
}

/** What a tool said, as the object that the API wants it to be. */
function toObject(text: string, isError: boolean): Record<string, unknown> {
  const value = parsed(text);
  if (isError) return { error: value };
  return isRecord(value) ? value : { output: value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
