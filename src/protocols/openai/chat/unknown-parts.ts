import { marksOfParts, unlistedFields } from '../unlisted-fields.ts';
import type { WireMessage, WirePart } from './message-schema.ts';

const messageFields = new Set([
  ...['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'refusal', 'function_call', 'audio'],
  ...['reasoning_content', 'reasoning_details'],
  // Of answers, which clients send back as they came.
  ...['annotations', 'parsed', 'reasoning'],
  // For the upstream alone.
  ...['prefix', ...marksOfParts],
]);

const partFields: Record<WirePart['type'], ReadonlySet<string>> = {
  text: new Set(['type', 'text', ...marksOfParts]),
  refusal: new Set(['type', 'refusal', ...marksOfParts]),
  image_url: new Set(['type', 'image_url', ...marksOfParts]),
  input_audio: new Set(['type', 'input_audio', ...marksOfParts]),
  file: new Set(['type', 'file', ...marksOfParts]),
};

const mediaFields = new Set(['url', 'detail', 'data', 'format', 'file_data', 'filename', 'file_id']);

/**
 * The paths of what is unknown in messages. A model server may fetch what such a field names, also from a part that
 * is a text for everybody else.
 */
export function unknownPartsOf(messages: readonly WireMessage[]): string[] {
  return messages.flatMap((message, index) => {
    const path = `messages[${index}]`;
    const own = unlistedFields(message, messageFields, path);
    if (!Array.isArray(message.content)) return own;
    return [...own, ...message.content.flatMap((part, place) => unknownIn(part, `${path}.content[${place}]`))];
  });
}

function unknownIn(part: WirePart, path: string): string[] {
  const own = unlistedFields(part, partFields[part.type], path);
  switch (part.type) {
    case 'image_url':
      return [...own, ...unlistedFields(part.image_url, mediaFields, `${path}.image_url`)];
    case 'input_audio':
      return [...own, ...unlistedFields(part.input_audio, mediaFields, `${path}.input_audio`)];
    case 'file':
      return [...own, ...unlistedFields(part.file, mediaFields, `${path}.file`)];
    default:
      return own;
  }
}
