import type { ChatPart, TokenLogprob } from '../../../core/chat/parts.ts';
import { geminiFinishReasons } from '../../../core/chat/tables/finish-reasons.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';
import { parseJson } from '../../http/read-json.ts';
import { type ServerSentEvent, SseReader } from '../../http/sse-reader.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { AnswerWriter } from '../translation/answer-writer.ts';
import { type AnswerReader, readAnswer, type StreamedAnswer } from '../translation/read-answer.ts';
import type { WireCandidate, WireChunk, WireLogprob, WirePart, WireUsage } from './wire.ts';

export interface AnswerOptions {
  customTools: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Blotted out of what the vendor says. */
  key: string | null;
  /** For calls that come without an id. */
  newCallId(): string;
  /** Hears what the vendor calls the answer, if it has a name for it. */
  onId?(id: string): void;
}

/** The parts in a streamed answer. Throws `GatewayError` where it breaks off. */
export function readGeneration(open: () => Promise<StreamedAnswer>, options: AnswerOptions): AsyncIterable<ChatPart> {
  return readAnswer(open, new SseReader(), new GeminiAnswer(options));
}

class GeminiAnswer implements AnswerReader<ServerSentEvent> {
  readonly #writer: AnswerWriter;
  readonly #options: AnswerOptions;
  #started = false;
  #usage: WireUsage | null = null;
  /** Of a thought or a text that is still being written. */
  #signature: string | null = null;
  #writing: 'nothing' | 'thought' | 'text' = 'nothing';
  #finishReason: string | null = null;

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.#writer = new AnswerWriter(options.customTools);
  }

  read({ data }: ServerSentEvent): readonly ChatPart[] {
    const chunk = parseJson(data) as WireChunk;
    const { error, candidates, promptFeedback, usageMetadata } = chunk;
    if (error) throw upstreamFailure(error.code ?? 500, {}, JSON.stringify({ error }), this.#options.key);
    // Each counts from the beginning.
    if (usageMetadata) this.#usage = usageMetadata;
    const candidate = candidates?.[0];
    if (promptFeedback?.blockReason && !candidate) this.#finishReason = 'PROHIBITED_CONTENT';
    const head = this.#head(chunk);
    return candidate ? [...head, ...this.#readCandidate(candidate)] : head;
  }

  /** The usage may come after the end of the answer. */
  isOver(): boolean {
    return false;
  }

  end(): readonly ChatPart[] | null {
    if (this.#finishReason === null) return null;
    const finish = geminiFinishReasons[this.#finishReason];
    if (finish === undefined) {
      throw new GatewayError('upstream_error', 'The model broke its answer off.', {
        cause: new Error(`finish reason ${this.#finishReason}`),
      });
    }
    const reason = finish === 'stop' && this.#writer.called ? 'tool_calls' : finish;
    return [...this.#endWriting('nothing'), ...this.#writer.end(reason, null, toUsage(this.#usage))];
  }

  #head({ responseId = '', modelVersion = '' }: WireChunk): readonly ChatPart[] {
    if (this.#started) return [];
    this.#started = true;
    if (responseId !== '') this.#options.onId?.(responseId);
    return this.#writer.start({ id: responseId, model: modelVersion, createdAt: this.#options.createdAt });
  }

  #readCandidate(candidate: WireCandidate): readonly ChatPart[] {
    if (candidate.finishReason) this.#finishReason = candidate.finishReason;
    const logprobs = toLogprobs(candidate);
    const parts = candidate.content?.parts ?? [];
    const spoken = parts.findIndex((part) => part.text && !part.thought);
    return parts.flatMap((part, index) => this.#readPart(part, index === spoken ? logprobs : null));
  }

  #readPart(part: WirePart, logprobs: readonly TokenLogprob[] | null): readonly ChatPart[] {
    const { functionCall, thoughtSignature = null, text } = part;
    if (functionCall) {
      const { id = this.#options.newCallId(), name, args = {} } = functionCall;
      const json = JSON.stringify(args);
      return [...this.#endWriting('nothing'), ...this.#writer.call(id, name, json, thoughtSignature)];
    }
    if (part.inlineData) {
      throw new GatewayError('upstream_error', 'The model answered with media where text was expected.');
    }
    if (text === undefined) return [];
    const written = part.thought ? this.#think(text) : this.#speak(text, logprobs);
    if (thoughtSignature) this.#signature = thoughtSignature;
    return written;
  }

  #think(text: string): readonly ChatPart[] {
    if (this.#writing === 'thought') return this.#writer.append(text);
    const block = { kind: 'reasoning', isSummary: true, redacted: false } as const;
    return [...this.#endWriting('thought'), ...this.#writer.open(block), ...this.#writer.append(text)];
  }

  #speak(text: string, logprobs: readonly TokenLogprob[] | null): readonly ChatPart[] {
    const ended = this.#writing === 'text' ? [] : this.#endWriting('text');
    return [...ended, ...this.#writer.write({ kind: 'text' }, text, logprobs)];
  }

  /** A text has no place for its signature: it follows in a block of its own, as the API itself sends it in a stream. */
  #endWriting(next: 'nothing' | 'thought' | 'text'): readonly ChatPart[] {
    const signature = this.#signature;
    const wasText = this.#writing === 'text';
    this.#signature = null;
    this.#writing = next;
    if (signature === null || !wasText) return this.#writer.close(signature);
    return [
      ...this.#writer.open({ kind: 'reasoning', isSummary: false, redacted: true }),
      ...this.#writer.close(signature),
    ];
  }
}

function toUsage(usage: WireUsage | null): Usage {
  if (usage === null) return usageOf({ estimated: true });
  const thoughts = usage.thoughtsTokenCount ?? 0;
  return usageOf({
    promptTokens: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    cachedTokens: usage.cachedContentTokenCount ?? 0,
    completionTokens: (usage.candidatesTokenCount ?? 0) + thoughts,
    reasoningTokens: thoughts,
  });
}

function toLogprobs({ logprobsResult }: WireCandidate): readonly TokenLogprob[] | null {
  const chosen = logprobsResult?.chosenCandidates;
  if (!chosen) return null;
  return chosen.map((token, index) => ({
    ...toLogprob(token),
    top: (logprobsResult.topCandidates?.[index]?.candidates ?? []).map(toLogprob),
  }));
}

function toLogprob({ token = '', logProbability = 0 }: WireLogprob) {
  return { token, logprob: logProbability, bytes: [...Buffer.from(token)] };
}
