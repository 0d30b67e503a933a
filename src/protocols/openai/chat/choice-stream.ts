import type { Block, ChatPart } from '../../../core/chat/parts.ts';
import { beginDeltas, detailOf, endDeltas, growDeltas, type OpenBlock } from './deltas.ts';
import { presentLogprobs, type WireLogprobs } from './logprobs.ts';
import type { Presentation } from './presentation.ts';

type PartOf<Type extends ChatPart['type']> = Extract<ChatPart, { type: Type }>;

/** One of the answers under way. Its blocks never interleave. */
export interface ChoiceState {
  open: OpenBlock | null;
  /** Of the message's text so far. */
  textLength: number;
  /** How many tool calls and details of reasoning there were. */
  calls: number;
  details: number;
}

/** What one frame adds to the message. */
export interface Addition {
  delta: object;
  logprobs: WireLogprobs;
}

type Step = readonly [choice: ChoiceState, additions: readonly Addition[]];

const role = { role: 'assistant', content: null, refusal: null };
const fresh: ChoiceState = { open: null, textLength: 0, calls: 0, details: 0 };

/** `choice` is undefined before its first block: then comes who speaks, without which clients throw. */
export function beginBlock(
  choice: ChoiceState | undefined,
  { id, block }: PartOf<'block-start'>,
  presentation: Presentation,
): Step {
  const { textLength, calls, details } = choice ?? fresh;
  const open = { id, block, text: '', textBefore: textLength, before: calls };
  const deltas = beginDeltas(open, presentation);
  const begun = { open, textLength, calls: block.kind === 'tool_call' ? calls + 1 : calls, details };
  if (choice) return [begun, deltas.map(addition)];
  return [begun, (isText(block) ? deltas.map((delta) => ({ ...role, ...delta })) : [role, ...deltas]).map(addition)];
}

export function growBlock(choice: ChoiceState, part: PartOf<'block-delta'>, presentation: Presentation): Step {
  const { open } = choice;
  if (!open) throw new Error(`block ${part.id} is not open`);
  const logprobs = presentLogprobs(
    open.block.kind === 'text' ? part.logprobs : null,
    open.block.kind === 'refusal' ? part.logprobs : null,
  );
  const deltas = growDeltas(open, part.delta, presentation);
  const additions = deltas.length === 0 && logprobs ? [{}] : deltas;
  return [
    {
      ...choice,
      open: { ...open, text: open.text + part.delta },
      textLength: choice.textLength + (open.block.kind === 'text' ? part.delta.length : 0),
    },
    additions.map((delta) => ({ delta, logprobs })),
  ];
}

export function endBlock(choice: ChoiceState, part: PartOf<'block-end'>, presentation: Presentation): Step {
  const { open, details } = choice;
  if (!open) throw new Error(`block ${part.id} is not open`);
  const deltas = endDeltas(open, part);
  const detail = detailOf(open, part, presentation);
  if (!detail) return [{ ...choice, open: null }, deltas.map(addition)];
  return [
    { ...choice, open: null, details: details + 1 },
    [...deltas, { reasoning_details: [{ ...detail, index: details }] }].map(addition),
  ];
}

/** For a choice that ends without a block. */
export const roleAlone: Addition = { delta: role, logprobs: null };

function addition(delta: object): Addition {
  return { delta, logprobs: null };
}

function isText({ kind }: Block): boolean {
  return kind === 'text' || kind === 'refusal';
}
