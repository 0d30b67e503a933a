/** The whole of what a model has said, folded from its parts. */

import type { SearchHit } from '../search.ts';
import { type Bill, type Usage, usageOf } from '../usage.ts';
import type { Annotation, Block, ChatPart, FinishReason, StartPart, TokenLogprob, UsagePart } from './parts.ts';

export interface ChatBlock {
  id: string;
  block: Block;
  text: string;
  signature: string | null;
  annotations: readonly Annotation[];
  logprobs: readonly TokenLogprob[] | null;
}

export interface ChatChoice {
  index: number;
  blocks: readonly ChatBlock[];
  finishReason: FinishReason;
  stopSequence: string | null;
}

/** The whole answer, folded from its parts. */
export interface ChatAnswer {
  start: StartPart;
  /** Null when nothing was searched. */
  searchHits: readonly SearchHit[] | null;
  choices: readonly ChatChoice[];
  usage: Usage;
  bill: Bill | null;
}

/** Folds the parts of a complete answer. Throws on parts that break the rules of `ChatPart`: a vendor's fault. */
export function collect(parts: Iterable<ChatPart>): ChatAnswer {
  const folding = new Folding();
  for (const part of parts) folding.add(part);
  return folding.result();
}

interface OpenBlock extends ChatBlock {
  text: string;
  signature: string | null;
  annotations: readonly Annotation[];
  logprobs: TokenLogprob[] | null;
}

interface OpenChoice {
  index: number;
  blocks: ChatBlock[];
  finished: ChatChoice | null;
}

class Folding {
  #start: StartPart | null = null;
  #searchHits: readonly SearchHit[] | null = null;
  #usage: UsagePart = { type: 'usage', usage: usageOf({}), bill: null };
  readonly #choices = new Map<number, OpenChoice>();
  readonly #open = new Map<string, OpenBlock>();

  add(part: ChatPart): void {
    switch (part.type) {
      case 'start':
        this.#start = part;
        return;
      case 'search':
        this.#searchHits = part.hits;
        return;
      case 'block-start': {
        const { id, block: kind } = part;
        const block: OpenBlock = { id, block: kind, text: '', signature: null, annotations: [], logprobs: null };
        this.#open.set(part.id, block);
        this.#choice(part.choice).blocks.push(block);
        return;
      }
      case 'block-delta': {
        const block = this.#block(part.id);
        block.text += part.delta;
        if (part.logprobs) {
          // The block's own array, which grows: a copy per token would be quadratic.
          block.logprobs ??= [];
          for (const logprob of part.logprobs) block.logprobs.push(logprob);
        }
        return;
      }
      case 'block-end': {
        const block = this.#block(part.id);
        block.signature = part.signature;
        block.annotations = part.annotations;
        this.#open.delete(part.id);
        return;
      }
      case 'finish': {
        const choice = this.#choice(part.choice);
        const { reason: finishReason, stopSequence, serviceTier } = part;
        if (this.#start && serviceTier) this.#start = { ...this.#start, serviceTier };
        choice.finished = { index: choice.index, blocks: choice.blocks, finishReason, stopSequence };
        return;
      }
      case 'usage':
        this.#usage = part;
        return;
      case 'wire':
        throw new Error('bytes of an upstream are passed on, not folded');
    }
  }

  result(): ChatAnswer {
    const choices = [...this.#choices.values()].sort((a, b) => a.index - b.index).map(({ finished }) => finished);
    const finished = choices.filter((choice) => choice !== null);
    if (this.#start === null || this.#open.size > 0 || finished.length < choices.length || choices.length === 0) {
      throw new Error('the answer was cut off');
    }
    return {
      start: this.#start,
      searchHits: this.#searchHits,
      choices: finished,
      usage: this.#usage.usage,
      bill: this.#usage.bill,
    };
  }

  #choice(index: number): OpenChoice {
    const known = this.#choices.get(index);
    if (known) return known;
    const choice: OpenChoice = { index, blocks: [], finished: null };
    this.#choices.set(index, choice);
    return choice;
  }

  #block(id: string): OpenBlock {
    const block = this.#open.get(id);
    if (!block) throw new Error(`block ${id} is not open`);
    return block;
  }
}
