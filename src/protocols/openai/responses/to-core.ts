import { looksLikeEnvelope } from '../../../core/chat/reasoning-envelope.ts';
import {
  type ChatRequest,
  noSampling,
  type OutputFormat,
  type Reasoning,
  type WireRequest,
} from '../../../core/chat.ts';
import type { NewItem, RespondCall } from '../../../core/response.ts';
import { leavesRoutingAlone } from '../routing-fields.ts';
import type { ConversationItem, InputItem } from './input-items.ts';
import { messagesOf } from './messages.ts';
import { refuse } from './refusals.ts';
import { knownFields, type ResponseRequest } from './request.ts';
import { isCallersOwn, toToolChoice, toTools } from './tools.ts';
import { unknownPartsOf } from './unknown-parts.ts';

/** Refuses what cannot be honoured, by the name of the field, before anybody is asked anything. */
export function toRespondCall(body: ResponseRequest, bytes: Uint8Array | null): RespondCall {
  refuse(body);
  if (typeof body.input === 'object') checkItems(body.input ?? []);
  return {
    chat: toChatRequest(body),
    wire: wireOf(body, bytes),
    input: toItems(body.input),
    previousResponseId: body.previous_response_id ?? null,
    conversationId:
      typeof body.conversation === 'object' ? (body.conversation?.id ?? null) : (body.conversation ?? null),
    truncation: body.truncation ?? 'disabled',
    store: body.store ?? null,
    body,
  };
}

export function toItems(input: ResponseRequest['input']): NewItem[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return (input ?? []).map((item) => ({ ...item, type: item.type ?? 'message' }));
}

/** Items that a conversation is given beside its responses. Throws what it would throw for them in a request. */
export function toNewItems(items: readonly ConversationItem[]): NewItem[] {
  messagesOf(items, 'items');
  return items.map((item) => ({ ...item, type: item.type ?? 'message' }));
}

/** Reads the items once for their faults; what an `item_reference` names is read when it is found. */
function checkItems(items: readonly InputItem[]): void {
  const nothing: ConversationItem = { type: 'reasoning', summary: [] };
  messagesOf(items.map((item) => (item.type === 'item_reference' ? nothing : item)));
}

function toChatRequest(body: ResponseRequest): ChatRequest {
  const { tools, ignored } = toTools(body.tools ?? []);
  const { instructions } = body;
  return {
    model: body.model,
    messages: instructions ? [{ role: 'system', name: null, parts: [{ type: 'text', text: instructions }] }] : [],
    tools,
    toolChoice: toToolChoice(body.tool_choice, tools),
    parallelToolCalls: body.parallel_tool_calls ?? null,
    maxOutputTokens: body.max_output_tokens ?? null,
    stop: [],
    sampling: {
      ...noSampling,
      temperature: body.temperature ?? null,
      topP: body.top_p ?? null,
      logprobs: wantsLogprobs(body) ? true : null,
      topLogprobs: wantsLogprobs(body) ? (body.top_logprobs ?? 0) : null,
    },
    reasoning: toReasoning(body),
    format: toFormat(body.text?.format),
    verbosity: body.text?.verbosity ?? null,
    choices: 1,
    serviceTier: body.service_tier ?? null,
    cacheKey: body.prompt_cache_key ?? null,
    endUser: body.user ?? null,
    safetyIdentifier: body.safety_identifier ?? null,
    unknownFields: [
      ...ignored,
      ...inertFields(body),
      ...Object.keys(body).filter((key) => !knownFields.has(key)),
      ...unknownPartsOf(itemsOf(body)),
    ],
  };
}

function wantsLogprobs({ include, top_logprobs }: ResponseRequest): boolean {
  return (include ?? []).includes('message.output_text.logprobs') || (top_logprobs ?? 0) > 0;
}

/** Those whose effect a caller could miss. */
function inertFields(body: ResponseRequest): string[] {
  const { context, mode } = body.reasoning ?? {};
  return [
    ...(context != null && context !== 'auto' ? ['reasoning.context'] : []),
    ...(mode != null && mode !== 'standard' ? ['reasoning.mode'] : []),
    ...(body.prompt_cache_options ? ['prompt_cache_options'] : []),
    ...(body.prompt_cache_retention ? ['prompt_cache_retention'] : []),
  ];
}

/** What is stored is gone on from, so its thoughts are kept with their proof where the caller has models think. */
function toReasoning({ reasoning, include, store }: ResponseRequest): Reasoning | null {
  const isKept = store !== false && reasoning != null && reasoning.effort !== 'none';
  const includeSignature = (include ?? []).includes('reasoning.encrypted_content') || isKept;
  if (!reasoning && !includeSignature) return null;
  return {
    effort: reasoning?.effort ?? null,
    budgetTokens: null,
    summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
    includeSignature,
  };
}

function toFormat(format: NonNullable<ResponseRequest['text']>['format']): OutputFormat | null {
  if (!format || format.type === 'text') return null;
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, description = null, strict = null } = format;
  return { type: 'json_schema', name, description, schema, strict };
}

/** An upstream of this dialect can answer alone when it need not know, and we need not keep, anything of it. */
function wireOf(body: ResponseRequest, bytes: Uint8Array | null): WireRequest | null {
  const items = itemsOf(body);
  const isOurs =
    body.store !== false ||
    body.background === true ||
    body.previous_response_id != null ||
    body.conversation != null ||
    items.some((item) => item.type === 'item_reference' || isSealed(item) || namesFile(item));
  // A tool that is there for nothing would be run, and charged for, by its owner.
  const isNarrow = leavesRoutingAlone(body, knownFields) && (body.tools ?? []).every(isCallersOwn);
  if (isOurs || !isNarrow || bytes === null || unknownPartsOf(items).length > 0) return null;
  return { dialect: 'openai-responses', bytes, stream: body.stream === true, hidesUsage: false };
}

function itemsOf({ input }: ResponseRequest): readonly InputItem[] {
  return typeof input === 'string' ? [] : (input ?? []);
}

/** What is stored here, no upstream has. */
function namesFile(item: InputItem): boolean {
  const { content, output } = item as { content?: unknown; output?: unknown };
  const parts: unknown = content ?? output;
  return Array.isArray(parts) && parts.some((part: { file_id?: string | null } | null) => Boolean(part?.file_id));
}

/** What we have sealed, no upstream can read. */
function isSealed(item: InputItem): boolean {
  const { encrypted_content: signature } = item as { encrypted_content?: string | null };
  return signature != null && looksLikeEnvelope(signature);
}
