import type { Annotation, Block, ChatPart, FinishReason, StartPart, TokenLogprob } from '../../../core/chat.ts';
import type { Usage } from '../../../core/usage.ts';
import { unwrapInput } from './custom-tools.ts';

const noAnnotations: readonly Annotation[] = [];

/** Writes the parts of one answer, with one block open at a time. */
export class AnswerWriter {
  readonly #customTools: ReadonlySet<string>;
  #count = 0;
  #open: { id: string; block: Block; held: string; isEmpty: boolean } | null = null;
  #called = false;

  /** Calls of `customTools` come from the model as JSON and are written as the plain text in it. */
  constructor(customTools: ReadonlySet<string>) {
    this.#customTools = customTools;
  }

  /** Whether a tool was called. */
  get called(): boolean {
    return this.#called;
  }

  start(head: { id: string; model: string; createdAt: number; serviceTier?: string | null }): readonly ChatPart[] {
    const { serviceTier = null, ...rest } = head;
    const part: StartPart = { type: 'start', ...rest, serviceTier, systemFingerprint: null };
    return [part];
  }

  /** Ends the open block and begins another. */
  open(block: Block): readonly ChatPart[] {
    const closed = this.close();
    const id = `block_${this.#count++}`;
    const isCustom = block.kind === 'tool_call' && this.#customTools.has(block.name);
    const begun: Block = isCustom ? { ...block, toolKind: 'custom' } : block;
    if (block.kind === 'tool_call') this.#called = true;
    this.#open = { id, block: begun, held: '', isEmpty: true };
    return [...closed, { type: 'block-start', choice: 0, id, block: begun }];
  }

  /** Adds to the open block. */
  append(delta: string, logprobs: readonly TokenLogprob[] | null = null): readonly ChatPart[] {
    const open = this.#open;
    if (!open || (delta === '' && logprobs === null)) return [];
    if (isCustomCall(open.block)) {
      open.held += delta;
      return [];
    }
    open.isEmpty = false;
    return [{ type: 'block-delta', choice: 0, id: open.id, delta, logprobs }];
  }

  /** Adds to the open block where it is of this kind, else to a new one. Nothing for no text. */
  write(
    block: Exclude<Block, { kind: 'tool_call' }>,
    delta: string,
    logprobs: readonly TokenLogprob[] | null = null,
  ): readonly ChatPart[] {
    if (delta === '' && logprobs === null) return [];
    const opened = this.#open?.block.kind === block.kind ? [] : this.open(block);
    return [...opened, ...this.append(delta, logprobs)];
  }

  /** A whole call at once. */
  call(callId: string, name: string, json: string, signature: string | null): readonly ChatPart[] {
    return [
      ...this.open({ kind: 'tool_call', callId, name, toolKind: 'function' }),
      ...this.append(json),
      ...this.close(signature),
    ];
  }

  /** Ends the open block, if there is one. A call without arguments gets an empty object. */
  close(signature: string | null = null): readonly ChatPart[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = null;
    const parts: ChatPart[] = [];
    const rest = isCustomCall(open.block) ? unwrapInput(open.held) : restOf(open);
    if (rest !== '') parts.push({ type: 'block-delta', choice: 0, id: open.id, delta: rest, logprobs: null });
    parts.push({ type: 'block-end', choice: 0, id: open.id, signature, annotations: noAnnotations });
    return parts;
  }

  end(reason: FinishReason, stopSequence: string | null, usage: Usage): readonly ChatPart[] {
    return [...this.close(), { type: 'finish', choice: 0, reason, stopSequence }, { type: 'usage', usage, bill: null }];
  }
}

function isCustomCall(block: Block): boolean {
  return block.kind === 'tool_call' && block.toolKind === 'custom';
}

function restOf({ block, isEmpty }: { block: Block; isEmpty: boolean }): string {
  return block.kind === 'tool_call' && isEmpty ? '{}' : '';
}
