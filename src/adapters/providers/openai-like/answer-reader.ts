import type { Annotation, Block, ChatPart, FinishReason, TokenLogprob } from '../../../core/chat.ts';
import type { Usage } from '../../../core/usage.ts';
import { cutOff, malformedAnswer } from '../ask.ts';
import type { ChatChunk, ChunkChoice, ChunkLogprob, ChunkToolCall } from './chunk.ts';
import { toUsage } from './usage.ts';

/** Vendors' words for the end. One that is not here is a vendor's own for a natural end. */
const finishReasons: Record<string, FinishReason> = {
  length: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};
const failures: readonly string[] = ['error', 'abort'];

interface OpenBlock {
  id: string;
  block: Block;
  /** Which of the vendor's tool calls it is. */
  toolIndex: number | null;
  isEmpty: boolean;
  annotations: Annotation[];
}

/** Events of a streamed chat in, parts out. Nothing comes out until the model has said something. */
export class AnswerReader {
  #started = false;
  #open: OpenBlock | null = null;
  #blocks = 0;
  readonly #calls = new Set<number>();
  #finished = false;
  #usage: Usage | null = null;
  #head: Pick<ChatChunk, 'created' | 'service_tier' | 'system_fingerprint'> = {};

  *read(chunk: ChatChunk): Generator<ChatPart> {
    if (chunk.usage) this.#usage = toUsage(chunk.usage);
    this.#head = chunk;
    const choice = chunk.choices?.[0];
    if (!choice) return;
    yield* this.#readDelta(choice);
    if (choice.finish_reason && !this.#finished) yield* this.#finish(choice, choice.finish_reason);
  }

  /** Throws when the answer is not complete. */
  *end(): Generator<ChatPart> {
    if (!this.#finished) throw cutOff();
    yield { type: 'usage', usage: this.#usage ?? toUsage(null), bill: null };
  }

  *#readDelta({ delta, logprobs }: ChunkChoice): Generator<ChatPart> {
    if (!delta) return;
    const thoughts = delta.reasoning_content ?? delta.reasoning;
    if (thoughts) yield* this.#say({ kind: 'reasoning', isSummary: false, redacted: false }, thoughts);
    if (typeof delta.content === 'string') yield* this.#say({ kind: 'text' }, delta.content, logprobs?.content);
    for (const part of Array.isArray(delta.content) ? delta.content : []) {
      const thought = (part.thinking ?? []).map(({ text }) => text ?? '').join('');
      yield* this.#say({ kind: 'reasoning', isSummary: false, redacted: false }, thought);
      yield* this.#say({ kind: 'text' }, part.text ?? '');
    }
    if (delta.refusal) yield* this.#say({ kind: 'refusal' }, delta.refusal, logprobs?.refusal);
    for (const { url_citation: cited } of delta.annotations ?? []) {
      if (!cited || !this.#open) continue;
      const { url, title = null, start_index: start, end_index: end } = cited;
      this.#open.annotations.push({ type: 'url_citation', url, title, start: start ?? 0, end: end ?? 0 });
    }
    for (const call of delta.tool_calls ?? []) yield* this.#readToolCall(call);
  }

  *#say(block: Block, delta: string, logprobs?: readonly ChunkLogprob[] | null): Generator<ChatPart> {
    if (delta === '' && !logprobs?.length) return;
    if (this.#open?.block.kind !== block.kind) yield* this.#begin(block, null);
    yield* this.#grow(delta, logprobs?.length ? logprobs.map(toLogprob) : null);
  }

  *#readToolCall(call: ChunkToolCall): Generator<ChatPart> {
    const said = call.custom ?? call.function;
    if (this.#isNew(call)) {
      // A call that goes on after another began is out of order, and has no name any more.
      if (!said?.name) throw malformedAnswer(new Error('a tool call without a name'));
      const index = call.index ?? this.#calls.size;
      this.#calls.add(index);
      const toolKind = call.custom ? 'custom' : 'function';
      const callId = call.id || `call_${this.#calls.size}`;
      yield* this.#begin({ kind: 'tool_call', callId, name: said.name, toolKind }, index);
    }
    const text = call.custom?.input ?? call.function?.arguments ?? '';
    if (text !== '') yield* this.#grow(text, null);
  }

  /** Told by another id, or by another index from a vendor that says the id once or never. */
  #isNew({ id, index }: ChunkToolCall): boolean {
    if (this.#open?.block.kind !== 'tool_call') return true;
    if (id) return this.#open.block.callId !== id;
    return typeof index === 'number' && index !== this.#open.toolIndex;
  }

  *#begin(block: Block, toolIndex: number | null): Generator<ChatPart> {
    if (this.#finished) throw malformedAnswer(new Error('the answer goes on after its end'));
    yield* this.#start();
    yield* this.#close();
    const id = String(this.#blocks++);
    this.#open = { id, block, toolIndex, isEmpty: true, annotations: [] };
    yield { type: 'block-start', choice: 0, id, block };
  }

  *#grow(delta: string, logprobs: readonly TokenLogprob[] | null): Generator<ChatPart> {
    if (!this.#open) throw malformedAnswer(new Error('the answer goes on after its end'));
    if (delta !== '') this.#open.isEmpty = false;
    yield { type: 'block-delta', choice: 0, id: this.#open.id, delta, logprobs };
  }

  *#close(): Generator<ChatPart> {
    if (!this.#open) return;
    const { id, block, isEmpty, annotations } = this.#open;
    // No arguments at all are an object without any.
    if (isEmpty && block.kind === 'tool_call' && block.toolKind === 'function') yield* this.#grow('{}', null);
    this.#open = null;
    yield { type: 'block-end', choice: 0, id, signature: null, annotations };
  }

  *#start(): Generator<ChatPart> {
    if (this.#started) return;
    this.#started = true;
    const { created, service_tier: serviceTier = null, system_fingerprint: systemFingerprint = null } = this.#head;
    const createdAt = created ? created * 1_000 : Date.now();
    yield { type: 'start', id: '', createdAt, model: '', serviceTier, systemFingerprint };
  }

  *#finish({ stop_reason: stop }: ChunkChoice, word: string): Generator<ChatPart> {
    if (failures.includes(word)) throw cutOff();
    yield* this.#start();
    yield* this.#close();
    this.#finished = true;
    const reason = finishReasons[word] ?? 'stop';
    const stopSequence = typeof stop === 'string' ? stop : null;
    // Some end a call of a tool that had to be called with `stop`.
    yield {
      type: 'finish',
      choice: 0,
      reason: reason === 'stop' && this.#calls.size > 0 ? 'tool_calls' : reason,
      stopSequence,
    };
  }
}

function toLogprob({ token, logprob, bytes = null, top_logprobs: top }: ChunkLogprob): TokenLogprob {
  return { token, logprob, bytes, top: (top ?? []).map((each) => ({ ...each, bytes: each.bytes ?? null })) };
}
