import { leavesRoutingAlone } from '../routing-fields.ts';
import { isAddress } from './media.ts';
import type { WireMessage } from './message-schema.ts';
import { type ChatBody, chatRequestSchema } from './request-schema.ts';
import { unknownPartsOf } from './unknown-parts.ts';

/** Fields of ours, which no upstream knows. */
const ours = ['include_reasoning', 'include_cost', 'search', 'search_args'] as const;

/** Known fields for which the core has no word: only an upstream of this dialect honours them. */
const relayedOnly = new Set(['prediction', 'prompt_cache_retention', 'prompt_cache_options']);

const known = new Set(Object.keys(chatRequestSchema.shape));

/** False for a field that has no effect unless the body is passed on as it is. */
export function isTranslated(field: string): boolean {
  return known.has(field) && !relayedOnly.has(field);
}

/** Whether an upstream of the same dialect may have the body as it is. */
export function isRelayable(body: ChatBody): boolean {
  return (
    leavesRoutingAlone(body, known) &&
    ours.every((field) => body[field] === undefined) &&
    body.store !== true &&
    !body.functions &&
    body.tools?.some(({ type }) => type === 'search') !== true &&
    !body.messages.some(isOurs) &&
    unknownPartsOf(body.messages).length === 0
  );
}

/** A message with something of ours, or that few upstreams still know. */
function isOurs(message: WireMessage): boolean {
  if (message.role === 'function') return true;
  if (message.role === 'assistant') {
    return Boolean(message.reasoning_details ?? message.reasoning_content ?? message.function_call);
  }
  if (message.role === 'system' || message.role === 'developer' || typeof message.content === 'string') return false;
  return message.content.some(
    (part) => part.type === 'file' && (Boolean(part.file.file_id) || isAddress(part.file.file_data ?? '')),
  );
}
