/** What a block of an answer adds to its message, from its beginning to its end. */

import type { ChatBlock } from '../../../core/chat/answer.ts';
import type { Annotation, Block } from '../../../core/chat/parts.ts';
import { presentAnnotation } from './annotations.ts';
import type { Presentation } from './presentation.ts';
import { presentDetail } from './reasoning.ts';

export interface OpenBlock {
  id: string;
  block: Block;
  /** What has come of it. */
  text: string;
  /** How much text, and how many blocks of its kind, the message had before it. */
  textBefore: number;
  before: number;
}

export interface Ending {
  signature: string | null;
  annotations: readonly Annotation[];
}

/** Fields of a `delta`. */
type Delta = Record<string, unknown>;

/** A text that stays empty is told from none. */
export function beginDeltas(open: OpenBlock, presentation: Presentation): Delta[] {
  const { block } = open;
  switch (block.kind) {
    case 'text':
      return [{ content: '' }];
    case 'refusal':
      return [{ refusal: '' }];
    case 'reasoning':
      return presentation.reasoning && !block.redacted ? [{ reasoning_content: '' }] : [];
    case 'tool_call': {
      const { name, callId: id, toolKind: type } = block;
      if (presentation.legacyCall) return legacyDelta(open, { name, arguments: '' });
      return callDelta(open, { id, type, [type]: { name, [argumentsOf[type]]: '' } });
    }
  }
}

/** Only what is new. */
export function growDeltas(open: OpenBlock, text: string, presentation: Presentation): Delta[] {
  const { block } = open;
  if (text === '') return [];
  switch (block.kind) {
    case 'text':
      return [{ content: text }];
    case 'refusal':
      return [{ refusal: text }];
    case 'reasoning':
      return presentation.reasoning && !block.redacted ? [{ reasoning_content: text }] : [];
    case 'tool_call':
      if (presentation.legacyCall) return legacyDelta(open, { arguments: text });
      return callDelta(open, { [block.toolKind]: { [argumentsOf[block.toolKind]]: text } });
  }
}

/** Details of reasoning come whole: clients put the last in the place of the one before. */
export function endDeltas(open: OpenBlock, ending: Ending): Delta[] {
  const cited = ending.annotations.map((annotation) => presentAnnotation(annotation, open.textBefore));
  return open.block.kind === 'text' && cited.length > 0 ? [{ annotations: cited }] : [];
}

/** Null where the caller did not ask for it, or there is nothing to replay. */
export function detailOf(open: OpenBlock, { signature }: Ending, { reasoning }: Presentation) {
  const { id, block, text } = open;
  const ended: ChatBlock = { id, block, text, signature, annotations: [], logprobs: null };
  return reasoning ? presentDetail(ended) : null;
}

const argumentsOf = { function: 'arguments', custom: 'input' } as const;

function callDelta({ before: index }: OpenBlock, call: object): Delta[] {
  return [{ tool_calls: [{ index, ...call }] }];
}

/** There is room for one; its caller asked for no more. */
function legacyDelta({ before }: OpenBlock, function_call: object): Delta[] {
  return before === 0 ? [{ function_call }] : [];
}
