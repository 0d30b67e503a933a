import type { ChatPart } from '../../../core/chat/parts.ts';
import type { WireEvent } from '../../../core/endpoint.ts';
import type { GatewayError } from '../../../core/errors.ts';
import type { SearchHit } from '../../../core/search.ts';
import { renderError } from '../../jobs/errors.ts';
import { presentHit } from '../../opengate/search/hit.ts';
import { presentFinish, presentStart } from './answer.ts';
import { type Addition, beginBlock, type ChoiceState, endBlock, growBlock, roleAlone } from './choice-stream.ts';
import { type Presentation, presentationOf } from './presentation.ts';
import type { ChatBody } from './request-schema.ts';
import { presentChatUsage } from './usage.ts';

export interface ChatStreamState {
  presentation: Presentation;
  /** Whether one more frame tells the usage. */
  tellsUsage: boolean;
  /** What all frames have in common; null before the first part. */
  head: object | null;
  hits: readonly SearchHit[] | null;
  choices: Readonly<Record<number, ChoiceState>>;
}

type Step = readonly [state: ChatStreamState, events: readonly WireEvent[]];
type PartOf<Type extends ChatPart['type']> = Extract<ChatPart, { type: Type }>;

/** Parts of an answer as frames of `chat.completion.chunk`. */
export const chatStream = {
  when: (body: ChatBody) => body.stream === true,
  writer: 'sse' as const,

  initial(body: ChatBody): ChatStreamState {
    const presentation = presentationOf(body);
    const tellsUsage = body.stream_options?.include_usage === true || presentation.cost;
    return { presentation, tellsUsage, head: null, hits: null, choices: {} };
  },

  next(state: ChatStreamState, part: ChatPart): Step {
    switch (part.type) {
      case 'start':
        return [{ ...state, head: presentStart(part, 'chat.completion.chunk') }, []];
      case 'search':
        return [{ ...state, hits: part.hits }, []];
      case 'block-start':
        return advance(state, part.choice, beginBlock(state.choices[part.choice], part, state.presentation));
      case 'block-delta':
        return advance(state, part.choice, growBlock(known(state, part), part, state.presentation));
      case 'block-end':
        return advance(state, part.choice, endBlock(known(state, part), part, state.presentation));
      case 'finish':
        return finish(state, part);
      case 'usage':
        return [state, state.tellsUsage ? [usageFrame(state, part)] : []];
      case 'wire':
        throw new Error('bytes of an upstream are passed on, not translated');
    }
  },

  end: (): readonly WireEvent[] => [{ data: '[DONE]' }],

  failed: (_state: ChatStreamState, error: GatewayError, requestId: string): readonly WireEvent[] => [
    { data: renderError(error, requestId).body },
  ],
};

function known(state: ChatStreamState, { choice, id }: { choice: number; id: string }): ChoiceState {
  const found = state.choices[choice];
  if (!found) throw new Error(`block ${id} is not open`);
  return found;
}

function advance(
  state: ChatStreamState,
  index: number,
  [choice, additions]: readonly [ChoiceState, readonly Addition[]],
): Step {
  const next = { ...state, choices: { ...state.choices, [index]: choice } };
  return [next, additions.map((addition) => frame(state, index, addition, null))];
}

function finish(before: ChatStreamState, { choice, reason, serviceTier }: PartOf<'finish'>): Step {
  const state = serviceTier ? { ...before, head: { ...before.head, service_tier: serviceTier } } : before;
  const first = state.choices[choice] ? [] : [frame(state, choice, roleAlone, null)];
  const word = presentFinish(reason, state.presentation);
  return [state, [...first, frame(state, choice, { delta: {}, logprobs: null }, word)]];
}

function usageFrame({ head, presentation, hits }: ChatStreamState, { usage, bill }: PartOf<'usage'>): WireEvent {
  const told = presentChatUsage(usage, presentation.cost ? bill : null);
  const found = hits && { search_results: hits.map(presentHit) };
  return { data: { ...head, choices: [], usage: told, ...found } };
}

function frame(
  { head, tellsUsage }: ChatStreamState,
  index: number,
  { delta, logprobs }: Addition,
  finish_reason: string | null,
): WireEvent {
  const choices = [{ index, delta, logprobs, finish_reason }];
  return { data: tellsUsage ? { ...head, choices, usage: null } : { ...head, choices } };
}
