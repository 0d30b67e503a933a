import { foldedName, marksOfParts, unlistedFields } from '../unlisted-fields.ts';
import type { InputItem } from './input-items.ts';

const common = ['type', ...marksOfParts];

/** Of parts that are told and of parts that were answered, which clients send back as they came. */
const partFields: Readonly<Record<string, ReadonlySet<string>>> = {
  input_text: new Set([...common, 'text']),
  output_text: new Set([...common, 'text', 'annotations', 'logprobs', 'parsed']),
  refusal: new Set([...common, 'refusal']),
  input_image: new Set([...common, 'image_url', 'file_id', 'detail']),
  input_file: new Set([...common, 'file_data', 'file_url', 'file_id', 'filename', 'detail']),
  input_audio: new Set([...common, 'input_audio']),
};
const audioFields = new Set(['data', 'format']);
const none: ReadonlySet<string> = new Set();

const partLists = ['content', 'output'] as const;
const listNames: ReadonlySet<string> = new Set(partLists);

/**
 * The paths of what is unknown in the parts of items. A model server may fetch what such a field names, also from a
 * part that is a text for everybody else. Other fields of an item say nothing of what is in it.
 */
export function unknownPartsOf(items: readonly InputItem[]): string[] {
  return items.flatMap((item, index) => {
    const fields: Readonly<Record<string, unknown>> = item;
    const path = `input[${index}]`;
    const disguised = Object.keys(fields).filter((name) => !listNames.has(name) && listNames.has(foldedName(name)));
    // Parts of a thought are texts without a rule for their fields, and nothing is fetched for one.
    const lists = item.type === 'reasoning' ? [] : partLists;
    const parts = lists.flatMap((list) => unknownInParts(fields[list], `${path}.${list}`));
    return [...disguised.map((name) => `${path}.${name}`), ...parts];
  });
}

/** An item may have a list that there is no rule for there. */
function unknownInParts(parts: unknown, path: string): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part: unknown, index) => {
    const place = `${path}[${index}]`;
    if (typeof part !== 'object' || part === null) return [place];
    const { type, input_audio: audio } = part as { type?: unknown; input_audio?: unknown };
    const own = unlistedFields(part, partFields[String(type)] ?? none, place);
    const isObject = typeof audio === 'object' && audio !== null;
    return isObject ? [...own, ...unlistedFields(audio, audioFields, `${place}.input_audio`)] : own;
  });
}
