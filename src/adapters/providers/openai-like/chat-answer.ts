import type { Block, ChatPart, FinishReason } from '../../../core/chat/parts.ts';
import { openAiFailures, openAiFinishReasons } from '../../../core/chat/tables/finish-reasons.ts';
import type { Usage } from '../../../core/usage.ts';
import { cutOff, malformedAnswer } from '../ask.ts';
import { AnswerWriter } from '../translation/answer-writer.ts';
import type { ChatChunk, ChunkAnnotation, ChunkChoice, ChunkToolCall } from './chunk.ts';
import { type EventLogprob, toLogprobs } from './logprobs.ts';
import { toUsage } from './usage.ts';

const thoughts: Extract<Block, { kind: 'reasoning' }> = { kind: 'reasoning', isSummary: false, redacted: false };

/** Events of a streamed chat in, parts out. Nothing comes out until the model has said something. */
export class ChatAnswer {
  readonly #writer: AnswerWriter;
  #started = false;
  #openCall: { id: string; index: number } | null = null;
  #calls = 0;
  #finish: { reason: FinishReason; stopSequence: string | null } | null = null;
  #usage: Usage = toUsage(null);

  constructor(customTools: ReadonlySet<string>) {
    this.#writer = new AnswerWriter(customTools);
  }

  read(chunk: ChatChunk): readonly ChatPart[] {
    if (chunk.usage) this.#usage = toUsage(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) return [];
    const parts = this.#readDelta(choice);
    if (parts.length > 0 && this.#finish) throw malformedAnswer(new Error('the answer goes on after its end'));
    if (choice.finish_reason && !this.#finish) this.#finish = this.#readFinish(choice, choice.finish_reason);
    if (this.#started || (parts.length === 0 && !this.#finish)) return parts;
    this.#started = true;
    return [startOf(chunk), ...parts];
  }

  end(): readonly ChatPart[] | null {
    return this.#finish && this.#writer.end(this.#finish.reason, this.#finish.stopSequence, this.#usage);
  }

  #readDelta({ delta, logprobs }: ChunkChoice): readonly ChatPart[] {
    if (!delta) return [];
    return [
      ...this.#write(thoughts, delta.reasoning_content ?? delta.reasoning),
      ...this.#readContent(delta.content, logprobs?.content),
      ...this.#write({ kind: 'refusal' }, delta.refusal, logprobs?.refusal),
      ...(delta.annotations ?? []).flatMap((annotation) => this.#annotate(annotation)),
      ...(delta.tool_calls ?? []).flatMap((call) => this.#readToolCall(call)),
    ];
  }

  #readContent(
    content: NonNullable<ChunkChoice['delta']>['content'],
    logprobs: readonly EventLogprob[] | null | undefined,
  ): readonly ChatPart[] {
    if (!Array.isArray(content)) return this.#write({ kind: 'text' }, content, logprobs);
    return content.flatMap(({ text, thinking }) => [
      ...this.#write(thoughts, thinking?.map((thought) => thought.text ?? '').join('')),
      ...this.#write({ kind: 'text' }, text),
    ]);
  }

  #write(
    block: Exclude<Block, { kind: 'tool_call' }>,
    delta: string | null | undefined,
    logprobs?: readonly EventLogprob[] | null,
  ): readonly ChatPart[] {
    const parts = this.#writer.write(block, delta ?? '', toLogprobs(logprobs));
    if (parts.length > 0) this.#openCall = null;
    return parts;
  }

  #annotate({ url_citation: cited }: ChunkAnnotation): readonly ChatPart[] {
    if (!cited) return [];
    const { url, title = null, start_index: start, end_index: end } = cited;
    return this.#writer.annotate({ type: 'url_citation', url, title, start: start ?? 0, end: end ?? 0 });
  }

  #readToolCall(call: ChunkToolCall): readonly ChatPart[] {
    const said = call.custom ?? call.function;
    const text = call.custom?.input ?? call.function?.arguments ?? '';
    if (!this.#isNew(call)) return this.#writer.append(text);
    // A call that goes on after another began is out of order, and has no name any more.
    if (!said?.name) throw malformedAnswer(new Error('a tool call without a name'));
    const index = call.index ?? this.#calls;
    const callId = call.id || `call_${index}`;
    this.#openCall = { id: callId, index };
    this.#calls++;
    const toolKind = call.custom ? 'custom' : 'function';
    const opened = this.#writer.open({ kind: 'tool_call', callId, name: said.name, toolKind });
    return [...opened, ...this.#writer.append(text)];
  }

  /** Told by another id, or by another index from a vendor that says the id once or never. */
  #isNew({ id, index }: ChunkToolCall): boolean {
    if (!this.#openCall) return true;
    return id ? id !== this.#openCall.id : typeof index === 'number' && index !== this.#openCall.index;
  }

  #readFinish({ stop_reason: stop }: ChunkChoice, word: string) {
    if (openAiFailures.includes(word)) throw cutOff();
    const reason = openAiFinishReasons[word] ?? 'stop';
    return {
      // Some end the call of a tool that had to be called with `stop`.
      reason: reason === 'stop' && this.#writer.called ? ('tool_calls' as const) : reason,
      stopSequence: typeof stop === 'string' ? stop : null,
    };
  }
}

/** Id and model are those of the vendor's; the verb says its own. */
function startOf({ id, model, created, service_tier, system_fingerprint }: ChatChunk): ChatPart {
  return {
    type: 'start',
    id: id ?? '',
    model: model ?? '',
    createdAt: created ? created * 1_000 : Date.now(),
    serviceTier: service_tier ?? null,
    systemFingerprint: system_fingerprint ?? null,
  };
}
