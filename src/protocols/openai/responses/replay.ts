import type { Annotation, Block, FinishReason, Phase, TokenLogprob } from '../../../core/chat/parts.ts';
import { type Item, idBody, type RespondPart, type StoredResponse } from '../../../core/response.ts';
import { usageOf } from '../../../core/usage.ts';
import { flatName } from './namespaces.ts';
import type { PresentedResponse } from './response-object.ts';

type ResponseFields = Omit<PresentedResponse, 'output'>;

/** The parts of a stored answer, from which it would be made once more. */
export function* replay({ id, createdAt, response, output }: StoredResponse): Generator<RespondPart> {
  // It was stored as it was presented.
  const { model, service_tier: serviceTier, usage, completed_at, ...fields } = response as unknown as ResponseFields;
  const start = { id: idBody(id), createdAt, model, serviceTier, systemFingerprint: null, stored: true };
  yield { type: 'start', ...start };
  for (const item of output) yield* partsOfItem(item);
  yield { type: 'finish', choice: 0, reason: reasonOf(fields.incomplete_details), stopSequence: null };
  if (usage) yield { type: 'usage', usage: toUsage(usage), bill: null };
  yield { type: 'end', at: (completed_at ?? 0) * 1000 };
}

function* partsOfItem(item: Item): Generator<RespondPart> {
  const { block, text, logprobs, annotations } = readItem(item as WireItem);
  const place = { choice: 0, id: item.id };
  yield { type: 'block-start', ...place, block };
  if (text !== '') yield { type: 'block-delta', ...place, delta: text, logprobs };
  yield { type: 'block-end', ...place, signature: (item['encrypted_content'] as string) ?? null, annotations };
}

interface WirePart {
  type: string;
  text?: string;
  refusal?: string;
  logprobs?: readonly WireLogprob[];
  annotations?: readonly { url: string; title: string; start_index: number; end_index: number }[];
}

interface WireLogprob {
  token: string;
  logprob: number;
  bytes: readonly number[];
  top_logprobs?: readonly WireLogprob[];
}

/** An item as `output-items.ts` makes it. */
interface WireItem extends Item {
  content?: readonly WirePart[];
  summary?: readonly WirePart[];
  call_id?: string;
  name?: string;
  namespace?: string;
  arguments?: string;
  input?: string;
  phase?: Phase;
}

interface ReadItem {
  block: Block;
  text: string;
  logprobs: readonly TokenLogprob[] | null;
  annotations: readonly Annotation[];
}

function readItem(item: WireItem): ReadItem {
  const nothingMore = { logprobs: null, annotations: [] };
  const [part] = item.content ?? [];
  switch (item.type) {
    case 'reasoning': {
      const text = (item.summary?.[0] ?? part)?.text ?? '';
      return {
        block: { kind: 'reasoning', isSummary: part === undefined, redacted: text === '' },
        text,
        ...nothingMore,
      };
    }
    case 'function_call':
      return { block: callOf(item, 'function'), text: item.arguments ?? '', ...nothingMore };
    case 'custom_tool_call':
      return { block: callOf(item, 'custom'), text: item.input ?? '', ...nothingMore };
    default:
      if (part?.type === 'refusal') return { block: { kind: 'refusal' }, text: part.refusal ?? '', ...nothingMore };
      return {
        block: { kind: 'text', ...(item.phase && { phase: item.phase }) },
        text: part?.text ?? '',
        logprobs: (part?.logprobs ?? []).map(toLogprob),
        annotations: (part?.annotations ?? []).map(toAnnotation),
      };
  }
}

function callOf({ call_id: callId = '', name = '', namespace }: WireItem, toolKind: 'function' | 'custom'): Block {
  return { kind: 'tool_call', callId, name: flatName({ name, namespace }), toolKind };
}

function toLogprob({ token, logprob, bytes, top_logprobs }: WireLogprob): TokenLogprob {
  return { token, logprob, bytes, top: top_logprobs ?? [] };
}

function toAnnotation({
  url,
  title,
  start_index,
  end_index,
}: NonNullable<WirePart['annotations']>[number]): Annotation {
  return { type: 'url_citation', url, title, start: start_index, end: end_index };
}

function reasonOf(details: ResponseFields['incomplete_details']): FinishReason {
  if (details === null) return 'stop';
  return details.reason === 'content_filter' ? 'content_filter' : 'length';
}

function toUsage(usage: NonNullable<ResponseFields['usage']>) {
  return usageOf({
    promptTokens: usage.input_tokens,
    completionTokens: usage.output_tokens,
    cachedTokens: usage.input_tokens_details.cached_tokens,
    cacheWriteTokens: usage.input_tokens_details.cache_write_tokens,
    reasoningTokens: usage.output_tokens_details.reasoning_tokens,
  });
}
