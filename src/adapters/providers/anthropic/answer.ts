import type { ChatPart } from '../../../core/chat/parts.ts';
import { anthropicStopReasons } from '../../../core/chat/tables/finish-reasons.ts';
import { parseJson } from '../../http/read-json.ts';
import { type ServerSentEvent, SseReader } from '../../http/sse-reader.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { AnswerWriter } from '../translation/answer-writer.ts';
import { type AnswerReader, readAnswer, type StreamedAnswer } from '../translation/read-answer.ts';
import { emptyCounts, maxCounts, toUsage, type UsageCounts } from './usage.ts';
import type { BlockDelta, MessageDelta, StartedBlock, WireEvent } from './wire.ts';

/** What it was served as, in OpenAI's words. */
const serviceTiers: Readonly<Record<string, string>> = { standard: 'default', priority: 'priority' };

/** An error in a stream -> the status it would have had in place of one. */
const errorStatus: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 403,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

export interface AnswerOptions {
  customTools: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Blotted out of what the vendor says. */
  key: string | null;
}

/** The parts in a streamed message. Throws `GatewayError` where it breaks off. */
export function readMessage(open: () => Promise<StreamedAnswer>, options: AnswerOptions): AsyncIterable<ChatPart> {
  return readAnswer(open, new SseReader(), new AnthropicAnswer(options));
}

class AnthropicAnswer implements AnswerReader<ServerSentEvent> {
  readonly #writer: AnswerWriter;
  readonly #createdAt: number;
  readonly #key: string | null;
  #counts: UsageCounts = emptyCounts;
  #input: Record<string, unknown> = {};
  #signature: string | null = null;
  #stop: MessageDelta = {};
  #complete = false;

  constructor(options: AnswerOptions) {
    this.#writer = new AnswerWriter(options.customTools);
    this.#createdAt = options.createdAt;
    this.#key = options.key;
  }

  read({ data }: ServerSentEvent): readonly ChatPart[] {
    const event = parseJson(data) as WireEvent;
    switch (event.type) {
      case 'message_start': {
        const { id, model, usage } = event.message;
        this.#counts = maxCounts(this.#counts, usage);
        const serviceTier = serviceTiers[usage?.service_tier ?? ''] ?? null;
        return this.#writer.start({ id, model, createdAt: this.#createdAt, serviceTier });
      }
      case 'content_block_start':
        return this.#begin(event.content_block);
      case 'content_block_delta':
        return this.#grow(event.delta);
      case 'content_block_stop':
        return this.#finishBlock();
      case 'message_delta':
        this.#stop = event.delta;
        this.#counts = maxCounts(this.#counts, event.usage);
        return [];
      case 'message_stop':
        this.#complete = true;
        return [];
      case 'error': {
        const status = errorStatus[event.error.type ?? ''] ?? 500;
        throw upstreamFailure(status, {}, JSON.stringify({ error: event.error }), this.#key);
      }
      default:
        return [];
    }
  }

  isOver(): boolean {
    return this.#complete;
  }

  end(): readonly ChatPart[] | null {
    if (!this.#complete) return null;
    const { stop_reason, stop_sequence, stop_details } = this.#stop;
    // A reason we do not know still ends a message that is complete.
    const reason = anthropicStopReasons[stop_reason ?? ''] ?? 'stop';
    const refusal = stop_reason === 'refusal' ? (stop_details?.explanation ?? '') : '';
    return [
      ...this.#writer.write({ kind: 'refusal' }, refusal),
      ...this.#writer.end(reason, stop_sequence ?? null, toUsage(this.#counts)),
    ];
  }

  #begin(block: StartedBlock): readonly ChatPart[] {
    this.#input = {};
    this.#signature = null;
    switch (block.type) {
      case 'text':
        return [...this.#writer.open({ kind: 'text' }), ...this.#writer.append(block.text ?? '')];
      case 'thinking':
        this.#signature = block.signature || null;
        return [
          ...this.#writer.open({ kind: 'reasoning', isSummary: true, redacted: false }),
          ...this.#writer.append(block.thinking ?? ''),
        ];
      case 'redacted_thinking':
        this.#signature = block.data;
        return this.#writer.open({ kind: 'reasoning', isSummary: false, redacted: true });
      case 'tool_use': {
        const { id, name, input = {} } = block;
        this.#input = input;
        return this.#writer.open({ kind: 'tool_call', callId: id, name, toolKind: 'function' });
      }
      default:
        return [];
    }
  }

  #grow(delta: BlockDelta): readonly ChatPart[] {
    switch (delta.type) {
      case 'text_delta':
        return this.#writer.append(delta.text);
      case 'thinking_delta':
        return this.#writer.append(delta.thinking);
      case 'input_json_delta':
        this.#input = {};
        return this.#writer.append(delta.partial_json);
      case 'signature_delta':
        this.#signature = delta.signature;
        return [];
      default:
        return [];
    }
  }

  #finishBlock(): readonly ChatPart[] {
    // Some servers give the whole input at the start, and no pieces of it after.
    const whole = Object.keys(this.#input).length > 0 ? JSON.stringify(this.#input) : '';
    return [...this.#writer.append(whole), ...this.#writer.close(this.#signature)];
  }
}
