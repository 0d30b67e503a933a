import type { Block, ChatPart, FinishReason } from '../../../../core/chat/parts.ts';
import { malformedAnswer } from '../../ask.ts';
import { AnswerWriter } from '../../translation/answer-writer.ts';
import { toLogprobs } from '../logprobs.ts';
import type { ResponseEvent, ResponseHead, ResponseItem } from './event.ts';
import { toUsage } from './usage.ts';

const summary: Block = { kind: 'reasoning', isSummary: true, redacted: false };
const thoughts: Block = { kind: 'reasoning', isSummary: false, redacted: false };
const redacted: Block = { kind: 'reasoning', isSummary: true, redacted: true };

/** Events of a streamed response in, parts out: each item a block, which has said something or not. */
export class ResponseAnswer {
  readonly #writer = new AnswerWriter(new Set());
  #item: ResponseItem | null = null;
  #hasSpoken = false;
  #end: readonly ChatPart[] | null = null;

  get isOver(): boolean {
    return this.#end !== null;
  }

  read(event: ResponseEvent): readonly ChatPart[] {
    const delta = typeof event.delta === 'string' ? event.delta : '';
    switch (event.type) {
      case 'response.created':
        return this.#start(event.response ?? {});
      case 'response.output_item.added':
        return this.#begin(event.item);
      case 'response.output_text.delta':
        return this.#writer.write(this.#textBlock(), delta, toLogprobs(event.logprobs));
      case 'response.refusal.delta':
        return this.#writer.write({ kind: 'refusal' }, delta);
      case 'response.output_text.annotation.added':
        return this.#annotate(event.annotation);
      case 'response.reasoning_summary_part.added':
        return (event.summary_index ?? 0) > 0 ? this.#think(summary, '\n\n') : [];
      case 'response.reasoning_summary_text.delta':
        return this.#think(summary, delta);
      case 'response.reasoning_text.delta':
        return this.#think(thoughts, delta);
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return this.#call(delta);
      case 'response.output_item.done':
        return this.#finishItem(event.item);
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(event.response ?? {});
      default:
        return [];
    }
  }

  end(): readonly ChatPart[] | null {
    return this.#end;
  }

  /** The tier in it is the one that was asked for. */
  #start({ id, model, created_at }: ResponseHead): readonly ChatPart[] {
    const createdAt = created_at ? created_at * 1_000 : Date.now();
    return this.#writer.start({ id: id ?? '', model: model ?? '', createdAt });
  }

  #begin(item: ResponseItem | null | undefined): readonly ChatPart[] {
    this.#item = item ?? null;
    this.#hasSpoken = false;
    const toolKind = item && toolKinds[item.type];
    if (!toolKind) return [];
    if (!item.name || !item.call_id) throw malformedAnswer(new Error('a tool call without a name or an id'));
    return this.#writer.open({ kind: 'tool_call', callId: item.call_id, name: item.name, toolKind });
  }

  #textBlock(): Extract<Block, { kind: 'text' }> {
    const phase = this.#item?.phase;
    return { kind: 'text', ...(phase && { phase }) };
  }

  /** What is signed is bound to the vendor's id of it. */
  #think(block: Block, delta: string): readonly ChatPart[] {
    const opened = this.#hasSpoken ? [] : this.#writer.open(block, this.#item?.id ?? undefined);
    this.#hasSpoken = true;
    return [...opened, ...this.#writer.append(delta)];
  }

  #call(delta: string): readonly ChatPart[] {
    this.#hasSpoken ||= delta !== '';
    return this.#writer.append(delta);
  }

  #annotate(annotation: ResponseEvent['annotation']): readonly ChatPart[] {
    if (annotation?.type !== 'url_citation' || !annotation.url) return [];
    const { url, title = null, start_index: start, end_index: end } = annotation;
    return this.#writer.annotate({ type: 'url_citation', url, title, start: start ?? 0, end: end ?? 0 });
  }

  #finishItem(item: ResponseItem | null | undefined): readonly ChatPart[] {
    this.#item = item ?? null;
    if (!item) return [];
    const signature = item.encrypted_content || null;
    if (item.type === 'reasoning') {
      if (!this.#hasSpoken && signature === null) return [];
      return [...(this.#hasSpoken ? [] : this.#think(redacted, '')), ...this.#writer.close(signature)];
    }
    const unsaid = this.#hasSpoken || !toolKinds[item.type] ? '' : (item.arguments ?? item.input ?? '');
    return [...this.#call(unsaid), ...this.#writer.close()];
  }

  #finish({ usage, incomplete_details: details, service_tier: tier }: ResponseHead): readonly ChatPart[] {
    // Nothing is served with `auto`: a server that says so repeats what it was asked for.
    const served = tier && tier !== 'auto' ? tier : null;
    this.#end = this.#writer.end(this.#reasonOf(details?.reason), null, toUsage(usage), served);
    return [];
  }

  #reasonOf(incomplete: string | null | undefined): FinishReason {
    if (incomplete) return incomplete === 'content_filter' ? 'content_filter' : 'length';
    return this.#writer.called ? 'tool_calls' : 'stop';
  }
}

const toolKinds: Record<string, 'function' | 'custom'> = { function_call: 'function', custom_tool_call: 'custom' };
