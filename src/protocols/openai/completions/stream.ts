import type { ChatPart } from '../../../core/chat/parts.ts';
import type { WireEvent } from '../../../core/endpoint.ts';
import type { GatewayError } from '../../../core/errors.ts';
import { renderError } from '../../jobs/errors.ts';
import { presentChatUsage } from '../chat/usage.ts';
import { isSaid, presentFinish, presentStart } from './answer.ts';
import { presentLogprobs } from './logprobs.ts';
import { type CompletionBody, promptOf } from './request.ts';

interface CompletionStreamState {
  /** Stands before every answer. */
  echo: string;
  /** Whether one more frame tells the usage. */
  tellsUsage: boolean;
  /** What all frames have in common; null before the first part. */
  head: object | null;
  /** Ids of the blocks under way that are part of a text. */
  said: ReadonlySet<string>;
  /** Length of each choice's text, without the echo. */
  lengths: Readonly<Record<number, number>>;
}

type Step = readonly [state: CompletionStreamState, events: readonly WireEvent[]];

/** Parts of an answer as frames of `text_completion`. */
export const completionStream = {
  when: (body: CompletionBody) => body.stream === true,
  writer: 'sse' as const,

  initial: (body: CompletionBody): CompletionStreamState => ({
    echo: body.echo ? promptOf(body) : '',
    tellsUsage: body.stream_options?.include_usage === true,
    head: null,
    said: new Set(),
    lengths: {},
  }),

  next(state: CompletionStreamState, part: ChatPart): Step {
    switch (part.type) {
      case 'start':
        return [{ ...state, head: presentStart(part) }, []];
      case 'block-start': {
        const [begun, echoed] = begin(state, part.choice);
        return [isSaid(part.block) ? { ...begun, said: new Set([...begun.said, part.id]) } : begun, echoed];
      }
      case 'block-delta':
        return state.said.has(part.id) ? grow(state, part) : [state, []];
      case 'finish': {
        const [begun, echoed] = begin(state, part.choice);
        const last = { text: '', index: part.choice, logprobs: null, finish_reason: presentFinish(part.reason) };
        return [begun, [...echoed, frame(begun, last)]];
      }
      case 'usage': {
        const usage = presentChatUsage(part.usage, null);
        return [state, state.tellsUsage ? [{ data: { ...state.head, choices: [], usage } }] : []];
      }
      case 'block-end':
      case 'search':
        return [state, []];
      case 'wire':
        throw new Error('bytes of an upstream are passed on, not translated');
    }
  },

  end: (): readonly WireEvent[] => [{ data: '[DONE]' }],

  failed: (_state: CompletionStreamState, error: GatewayError, requestId: string): readonly WireEvent[] => [
    { data: renderError(error, requestId).body },
  ],
};

/** The echo, before the first that is said. */
function begin(state: CompletionStreamState, index: number): Step {
  if (state.lengths[index] !== undefined) return [state, []];
  const begun = { ...state, lengths: { ...state.lengths, [index]: 0 } };
  if (state.echo === '') return [begun, []];
  return [begun, [frame(begun, { text: state.echo, index, logprobs: null, finish_reason: null })]];
}

function grow(state: CompletionStreamState, part: Extract<ChatPart, { type: 'block-delta' }>): Step {
  const { choice: index, delta: text } = part;
  const before = state.lengths[index] ?? 0;
  const grown = { ...state, lengths: { ...state.lengths, [index]: before + text.length } };
  const logprobs = presentLogprobs(part.logprobs, before);
  return [grown, text === '' && !logprobs ? [] : [frame(grown, { text, index, logprobs, finish_reason: null })]];
}

function frame({ head, tellsUsage }: CompletionStreamState, choice: object): WireEvent {
  return { data: tellsUsage ? { ...head, choices: [choice], usage: null } : { ...head, choices: [choice] } };
}
