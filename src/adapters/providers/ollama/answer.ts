import type { ChatPart, TokenLogprob } from '../../../core/chat/parts.ts';
import { ollamaDoneReasons } from '../../../core/chat/tables/finish-reasons.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';
import { NdjsonReader } from '../../http/ndjson-reader.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { AnswerWriter } from '../translation/answer-writer.ts';
import { type AnswerReader, readAnswer, type StreamedAnswer } from '../translation/read-answer.ts';
import type { WireLine, WireLogprob } from './wire.ts';

export interface AnswerOptions {
  customTools: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** For the answer, and for calls that come without an id. */
  newId(): string;
}

/** The parts in a streamed answer. Throws `GatewayError` where it breaks off. */
export function readChat(open: () => Promise<StreamedAnswer>, options: AnswerOptions): AsyncIterable<ChatPart> {
  return readAnswer(open, new NdjsonReader(), new OllamaAnswer(options));
}

class OllamaAnswer implements AnswerReader<unknown> {
  readonly #writer: AnswerWriter;
  readonly #options: AnswerOptions;
  #started = false;
  #last: WireLine | null = null;

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.#writer = new AnswerWriter(options.customTools);
  }

  read(value: unknown): readonly ChatPart[] {
    const line = value as WireLine;
    if (line.error !== undefined) throw upstreamFailure(500, {}, JSON.stringify({ error: line.error }));
    if (line.done) this.#last = line;
    const { thinking = '', content = '', tool_calls = [] } = line.message ?? {};
    return [
      ...this.#head(line),
      ...this.#writer.write({ kind: 'reasoning', isSummary: false, redacted: false }, thinking),
      ...this.#writer.write({ kind: 'text' }, content, content === '' ? null : toLogprobs(line.logprobs)),
      ...tool_calls.flatMap((call) =>
        this.#writer.call(
          call.id ?? this.#options.newId(),
          call.function.name,
          JSON.stringify(call.function.arguments ?? {}),
          null,
        ),
      ),
    ];
  }

  isOver(): boolean {
    return this.#last !== null;
  }

  end(): readonly ChatPart[] | null {
    const last = this.#last;
    if (last === null) return null;
    const finish = ollamaDoneReasons[last.done_reason ?? ''] ?? 'stop';
    const reason = finish === 'stop' && this.#writer.called ? 'tool_calls' : finish;
    return this.#writer.end(reason, null, toUsage(last));
  }

  #head({ model = '' }: WireLine): readonly ChatPart[] {
    if (this.#started) return [];
    this.#started = true;
    return this.#writer.start({ id: this.#options.newId(), model, createdAt: this.#options.createdAt });
  }
}

/** Older servers leave the prompt out where they still had it. */
function toUsage({ prompt_eval_count: promptTokens, eval_count: completionTokens }: WireLine): Usage {
  if (promptTokens === undefined || completionTokens === undefined) return usageOf({ estimated: true });
  return usageOf({ promptTokens, completionTokens });
}

function toLogprobs(tokens: readonly WireLogprob[] | undefined): readonly TokenLogprob[] | null {
  return tokens?.map((token) => ({ ...toLogprob(token), top: (token.top_logprobs ?? []).map(toLogprob) })) ?? null;
}

function toLogprob({ token, logprob, bytes }: WireLogprob) {
  return { token, logprob, bytes: bytes ?? null };
}
