import type { ChatAnswer, ChatBlock, ChatChoice } from '../../../core/chat/answer.ts';
import type { FinishReason, StartPart } from '../../../core/chat/parts.ts';
import { presentHit } from '../../opengate/search/hit.ts';
import { presentAnnotation } from './annotations.ts';
import type { finishReasons, WireAnswer, WireAnswerMessage, WireToolCall } from './answer-schema.ts';
import { presentLogprobs } from './logprobs.ts';
import type { Presentation } from './presentation.ts';
import { presentDetail } from './reasoning.ts';
import { presentChatUsage } from './usage.ts';

export const idPrefix = 'chatcmpl-';

/** A `chat.completion`. */
export function presentAnswer(answer: ChatAnswer, presentation: Presentation): WireAnswer {
  const { start, choices, usage, bill, searchHits } = answer;
  return {
    ...presentStart(start, 'chat.completion'),
    choices: choices.map((choice) => presentChoice(choice, presentation)),
    usage: presentChatUsage(usage, presentation.cost ? bill : null),
    ...(searchHits && { search_results: searchHits.map(presentHit) }),
  };
}

/** What an answer and every frame of its stream begin with. */
export function presentStart<const Name extends string>(
  { id, createdAt, model, serviceTier, systemFingerprint }: StartPart,
  object: Name,
) {
  return {
    id: `${idPrefix}${id}`,
    object,
    created: Math.floor(createdAt / 1000),
    model,
    service_tier: serviceTier,
    system_fingerprint: systemFingerprint,
  };
}

export function presentFinish(reason: FinishReason, { legacyCall }: Presentation): (typeof finishReasons)[number] {
  return reason === 'tool_calls' && legacyCall ? 'function_call' : reason;
}

function presentChoice({ index, blocks, finishReason }: ChatChoice, presentation: Presentation) {
  const texts = ofKind(blocks, 'text');
  const refusals = ofKind(blocks, 'refusal');
  return {
    index,
    message: {
      role: 'assistant' as const,
      content: joined(texts),
      refusal: joined(refusals),
      annotations: presentAnnotations(texts),
      ...presentCalls(ofKind(blocks, 'tool_call'), presentation),
      ...(presentation.reasoning && presentReasoning(blocks)),
    },
    logprobs: presentLogprobs(logprobsOf(texts), logprobsOf(refusals)),
    finish_reason: presentFinish(finishReason, presentation),
  };
}

type BlockOf<Kind extends ChatBlock['block']['kind']> = ChatBlock & {
  block: Extract<ChatBlock['block'], { kind: Kind }>;
};

function ofKind<Kind extends ChatBlock['block']['kind']>(blocks: readonly ChatBlock[], kind: Kind): BlockOf<Kind>[] {
  return blocks.filter((block): block is BlockOf<Kind> => block.block.kind === kind);
}

function joined(blocks: readonly ChatBlock[]): string | null {
  return blocks.length === 0 ? null : blocks.map(({ text }) => text).join('');
}

function logprobsOf(blocks: readonly ChatBlock[]) {
  const tokens = blocks.flatMap(({ logprobs }) => logprobs ?? []);
  return tokens.length === 0 ? null : tokens;
}

function presentAnnotations(texts: readonly ChatBlock[]) {
  let before = 0;
  return texts.flatMap(({ text, annotations }) => {
    const presented = annotations.map((annotation) => presentAnnotation(annotation, before));
    before += text.length;
    return presented;
  });
}

/** A caller of functions asked for one call at a time. */
function presentCalls(
  calls: readonly BlockOf<'tool_call'>[],
  { legacyCall }: Presentation,
): Pick<WireAnswerMessage, 'tool_calls' | 'function_call'> {
  const [first] = calls;
  if (!first) return {};
  if (!legacyCall) return { tool_calls: calls.map(presentCall) };
  return { function_call: { name: first.block.name, arguments: first.text } };
}

function presentCall(call: BlockOf<'tool_call'>): WireToolCall {
  const { callId: id, name, toolKind: type } = call.block;
  return type === 'custom'
    ? { id, type, custom: { name, input: call.text } }
    : { id, type, function: { name, arguments: call.text } };
}

function presentReasoning(
  blocks: readonly ChatBlock[],
): Pick<WireAnswerMessage, 'reasoning_content' | 'reasoning_details'> {
  const content = joined(ofKind(blocks, 'reasoning').filter(({ block }) => !block.redacted));
  const details = blocks.flatMap((block) => presentDetail(block) ?? []);
  return {
    ...(content !== null && { reasoning_content: content }),
    ...(details.length > 0 && { reasoning_details: details.map((detail, index) => ({ ...detail, index })) }),
  };
}
