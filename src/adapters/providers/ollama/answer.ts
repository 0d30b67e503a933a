import type { ChatPart, TokenLogprob } from '../../../core/chat.ts';
import { ollamaDoneReasons } from '../../../core/chat-tables/finish-reasons.ts';
import { usageOf } from '../../../core/usage.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { AnswerWriter } from '../translation/answer-writer.ts';
import type { AnswerReader } from '../translation/read-answer.ts';
import type { WireLine, WireLogprob } from './wire.ts';

/** The lines of an answer into parts. */
export class OllamaAnswer implements AnswerReader<WireLine> {
  readonly #writer: AnswerWriter;
  readonly #options: { createdAt: number; newId(): string };
  #started = false;
  #last: WireLine | null = null;

  constructor(options: { customTools: ReadonlySet<string>; createdAt: number; newId(): string }) {
    this.#options = options;
    this.#writer = new AnswerWriter(options.customTools);
  }

  read(line: WireLine): readonly ChatPart[] {
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

  end(): readonly ChatPart[] | null {
    const last = this.#last;
    if (last === null) return null;
    const finish = ollamaDoneReasons[last.done_reason ?? ''] ?? 'stop';
    const reason = finish === 'stop' && this.#writer.called ? 'tool_calls' : finish;
    const usage = usageOf({ promptTokens: last.prompt_eval_count ?? 0, completionTokens: last.eval_count ?? 0 });
    return this.#writer.end(reason, null, usage);
  }

  #head({ model = '' }: WireLine): readonly ChatPart[] {
    if (this.#started) return [];
    this.#started = true;
    return this.#writer.start({ id: this.#options.newId(), model, createdAt: this.#options.createdAt });
  }
}

function toLogprobs(tokens: readonly WireLogprob[] | undefined): readonly TokenLogprob[] | null {
  return tokens?.map((token) => ({ ...toLogprob(token), top: (token.top_logprobs ?? []).map(toLogprob) })) ?? null;
}

function toLogprob({ token, logprob, bytes }: WireLogprob) {
  return { token, logprob, bytes: bytes ?? null };
}
