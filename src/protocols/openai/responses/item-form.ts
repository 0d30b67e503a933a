import type { Annotation, Block, TokenLogprob } from '../../../core/chat/parts.ts';
import type { Item } from '../../../core/response.ts';
import type { HeardLogprobs } from './heard-logprobs.ts';

/** A block of the model's answer on its way to being an item. */
export interface Draft {
  id: string;
  block: Block;
  /** That of the tool which is called; null of all else. */
  namespace: string | null;
  text: string;
  logprobs: HeardLogprobs | null;
  /** Of a block that has ended. */
  signature: string | null;
  annotations: readonly Annotation[];
}

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An event before it has a number, and before the item it is about is named in it. */
export interface ItemEvent {
  type: string;
  [field: string]: unknown;
}

/** How one kind of block is told. `begin`, `grow` and `end` are what comes between `added` and `done` of the item. */
export interface ItemForm {
  prefix: string;
  item(draft: Draft, status: ItemStatus): Item;
  begin(draft: Draft): ItemEvent[];
  /** `draft` is without the delta yet. */
  grow(draft: Draft, delta: string, logprobs: readonly TokenLogprob[]): ItemEvent[];
  end(draft: Draft): ItemEvent[];
}

/** What a vendor wants back with the item, for readers who ask for it. */
export function signed({ signature }: Draft): { encrypted_content?: string } {
  return signature === null ? {} : { encrypted_content: signature };
}
