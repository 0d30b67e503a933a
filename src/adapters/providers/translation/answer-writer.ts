import type { Annotation, Block, ChatPart, FinishReason, StartPart, TokenLogprob } from '../../../core/chat/parts.ts';
import type { Usage } from '../../../core/usage.ts';
import { unwrapInput } from './custom-tools.ts';

interface OpenBlock {
  id: string;
  block: Block;
  /** A custom tool's text that the model wraps in JSON: told when it is whole. */
  isWrapped: boolean;
  held: string;
  isEmpty: boolean;
  annotations: Annotation[];
}

/** Writes the parts of one answer, with one block open at a time. */
export class AnswerWriter {
  readonly #customTools: ReadonlySet<string>;
  #count = 0;
  #open: OpenBlock | null = null;
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

  /** Ends the open block and begins another; under the vendor's `id` for it where that has to come back. */
  open(block: Block, id = `block_${this.#count++}`): readonly ChatPart[] {
    const closed = this.close();
    const isWrapped = block.kind === 'tool_call' && this.#customTools.has(block.name);
    const begun: Block = isWrapped ? { ...block, toolKind: 'custom' } : block;
    if (block.kind === 'tool_call') this.#called = true;
    this.#open = { id, block: begun, isWrapped, held: '', isEmpty: true, annotations: [] };
    return [...closed, { type: 'block-start', choice: 0, id, block: begun }];
  }

  /** Adds to the open block. */
  append(delta: string, logprobs: readonly TokenLogprob[] | null = null): readonly ChatPart[] {
    const open = this.#open;
    if (!open || (delta === '' && logprobs === null)) return [];
    if (open.isWrapped) {
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

  /** A source that the open block cites. */
  annotate(annotation: Annotation): readonly ChatPart[] {
    this.#open?.annotations.push(annotation);
    return [];
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
    const rest = open.isWrapped ? unwrapInput(open.held) : restOf(open);
    if (rest !== '') parts.push({ type: 'block-delta', choice: 0, id: open.id, delta: rest, logprobs: null });
    parts.push({ type: 'block-end', choice: 0, id: open.id, signature, annotations: open.annotations });
    return parts;
  }

  end(
    reason: FinishReason,
    stopSequence: string | null,
    usage: Usage,
    serviceTier: string | null = null,
  ): readonly ChatPart[] {
    const finish = {
      type: 'finish',
      choice: 0,
      reason,
      stopSequence,
      ...(serviceTier !== null && { serviceTier }),
    } as const;
    return [...this.close(), finish, { type: 'usage', usage, bill: null }];
  }
}

function restOf({ block, isEmpty }: OpenBlock): string {
  return isEmpty && block.kind === 'tool_call' && block.toolKind === 'function' ? '{}' : '';
}
