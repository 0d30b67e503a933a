import type { Media, Message, MessagePart, ToolResult } from '../../../core/chat.ts';
import { argumentsOf } from '../translation/custom-tools.ts';
import { sentMedia } from '../translation/media.ts';
import { cannot } from '../translation/without.ts';
import type { WireMessage } from './wire.ts';

/** Messages in their order; each result of a tool is one of its own. */
export function toMessages(messages: readonly Message[]): readonly WireMessage[] {
  const names = new Map<string, string>();
  return messages.flatMap((message, index) => {
    for (const part of message.parts) if (part.type === 'tool_call') names.set(part.id, part.name);
    const param = (place: number) => `messages[${index}].content[${place}]`;
    const results = message.parts.flatMap((part, place) =>
      part.type === 'tool_result' ? [toToolMessage(part, names, param(place))] : [],
    );
    const isAllResults = results.length > 0 && results.length === message.parts.length;
    return isAllResults ? results : [...results, toMessage(message, param)];
  });
}

function toMessage({ role, parts }: Message, param: (place: number) => string): WireMessage {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const images: string[] = [];
  const calls: NonNullable<WireMessage['tool_calls']>[number][] = [];
  for (const [place, part] of parts.entries()) {
    if (part.type === 'text' || part.type === 'refusal') texts.push(part.text);
    else if (part.type === 'reasoning') thoughts.push(part.text);
    else if (part.type === 'image') images.push(imageData(part.source, param(place)));
    else if (part.type === 'tool_call') {
      calls.push({ id: part.id, function: { name: part.name, arguments: argumentsOf(part, param(place)) } });
    } else if (part.type !== 'tool_result') throw cannotRead(part, param(place));
  }
  const thinking = thoughts.join('\n');
  return {
    role,
    content: texts.join('\n'),
    ...(thinking !== '' && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toToolMessage(result: ToolResult, names: ReadonlyMap<string, string>, param: string): WireMessage {
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of result.parts) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'image') images.push(imageData(part.source, param));
    else throw cannotRead(part, param);
  }
  const name = result.name ?? names.get(result.callId);
  const text = texts.join('\n');
  return {
    role: 'tool',
    content: result.isError ? `Error: ${text}` : text,
    ...(images.length > 0 && { images }),
    ...(name !== undefined && { tool_name: name }),
    tool_call_id: result.callId,
  };
}

function imageData(source: Media, param: string): string {
  const media = sentMedia(source);
  if (media.kind === 'data') return media.data;
  throw cannot(param, 'Ollama does not fetch pictures. Send the picture itself, as a data URL.');
}

function cannotRead({ type }: MessagePart, param: string) {
  return cannot(param, `Models of Ollama read text and pictures; got a part of type ${type}.`);
}
