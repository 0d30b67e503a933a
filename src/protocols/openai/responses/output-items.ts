import type { Annotation, Block, TokenLogprob } from '../../../core/chat.ts';
import type { Item } from '../../../core/response.ts';

/** A block of the model's answer on its way to being an item. */
export interface Draft {
  id: string;
  block: Block;
  text: string;
  logprobs: readonly TokenLogprob[];
  /** Of a block that has ended. */
  signature: string | null;
  annotations: readonly Annotation[];
}

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An event before it has a number, and before the item it is about is named in it. */
export interface ItemEvent {
  type: string;
  [field: string]: unknown;
}

/** How one kind of block is told. `begin`, `grow` and `end` are what comes between `added` and `done` of the item. */
export interface ItemForm {
  prefix: string;
  item(draft: Draft, status: ItemStatus): Item;
  begin(draft: Draft): ItemEvent[];
  /** `draft` is without the delta yet. */
  grow(draft: Draft, delta: string, logprobs: readonly TokenLogprob[]): ItemEvent[];
  end(draft: Draft): ItemEvent[];
}

export function formOf(block: Block): ItemForm {
  if (block.kind === 'tool_call') return block.toolKind === 'custom' ? customToolCall : functionCall;
  if (block.kind === 'reasoning') return block.isSummary ? reasoningSummary : reasoningText;
  return block.kind === 'refusal' ? refusal : text;
}

const first = { content_index: 0 };

function textPart({ text, annotations, logprobs }: Draft) {
  return {
    type: 'output_text',
    text,
    annotations: annotations.map(presentAnnotation),
    logprobs: logprobs.map(presentLogprob),
  };
}

const text: ItemForm = {
  prefix: 'msg',
  item: (draft, status) => message(draft, status, textPart(draft)),
  begin: (draft) => [{ type: 'response.content_part.added', ...first, part: textPart(draft) }],
  grow: (_draft, delta, logprobs) => [
    { type: 'response.output_text.delta', ...first, delta, logprobs: logprobs.map(presentLogprob) },
  ],
  end: (draft) => {
    const part = textPart(draft);
    return [
      ...part.annotations.map((annotation, index) => ({
        type: 'response.output_text.annotation.added',
        ...first,
        annotation_index: index,
        annotation,
      })),
      { type: 'response.output_text.done', ...first, text: part.text, logprobs: part.logprobs },
      { type: 'response.content_part.done', ...first, part },
    ];
  },
};

const refusalPart = (draft: Draft) => ({ type: 'refusal', refusal: draft.text });

const refusal: ItemForm = {
  prefix: 'msg',
  item: (draft, status) => message(draft, status, refusalPart(draft)),
  begin: (draft) => [{ type: 'response.content_part.added', ...first, part: refusalPart(draft) }],
  grow: (_draft, delta) => [{ type: 'response.refusal.delta', ...first, delta }],
  end: (draft) => [
    { type: 'response.refusal.done', ...first, refusal: draft.text },
    { type: 'response.content_part.done', ...first, part: refusalPart(draft) },
  ],
};

function message({ id }: Draft, status: ItemStatus, part: Record<string, unknown>): Item {
  return { id, type: 'message', status, role: 'assistant', content: status === 'in_progress' ? [] : [part] };
}

/** A thought that its vendor keeps to itself has no parts: the first is told with its first word. */
const reasoningSummary: ItemForm = {
  prefix: 'rs',
  item: (draft, status) => ({
    id: draft.id,
    type: 'reasoning',
    status,
    summary: draft.text === '' ? [] : [summaryPart(draft.text)],
    ...signed(draft),
  }),
  begin: () => [],
  grow: (draft, delta) => [
    ...(draft.text === ''
      ? [{ type: 'response.reasoning_summary_part.added', summary_index: 0, part: summaryPart('') }]
      : []),
    { type: 'response.reasoning_summary_text.delta', summary_index: 0, delta },
  ],
  end: ({ text }) =>
    text === ''
      ? []
      : [
          { type: 'response.reasoning_summary_text.done', summary_index: 0, text },
          { type: 'response.reasoning_summary_part.done', summary_index: 0, part: summaryPart(text) },
        ],
};

const summaryPart = (text: string) => ({ type: 'summary_text', text });
const reasoningPart = (text: string) => ({ type: 'reasoning_text', text });

const reasoningText: ItemForm = {
  prefix: 'rs',
  item: (draft, status) => ({
    id: draft.id,
    type: 'reasoning',
    status,
    summary: [],
    ...(draft.text !== '' && { content: [reasoningPart(draft.text)] }),
    ...signed(draft),
  }),
  begin: () => [],
  grow: (draft, delta) => [
    ...(draft.text === '' ? [{ type: 'response.content_part.added', ...first, part: reasoningPart('') }] : []),
    { type: 'response.reasoning_text.delta', ...first, delta },
  ],
  end: ({ text }) =>
    text === ''
      ? []
      : [
          { type: 'response.reasoning_text.done', ...first, text },
          { type: 'response.content_part.done', ...first, part: reasoningPart(text) },
        ],
};

const functionCall: ItemForm = {
  prefix: 'fc',
  item: (draft, status) => ({ ...toolCall(draft, 'function_call', status), arguments: draft.text, ...signed(draft) }),
  begin: () => [],
  grow: (_draft, delta) => [{ type: 'response.function_call_arguments.delta', delta }],
  end: (draft) => [
    { type: 'response.function_call_arguments.done', name: toolCallOf(draft).name, arguments: draft.text },
  ],
};

const customToolCall: ItemForm = {
  prefix: 'ctc',
  item: (draft, status) => ({ ...toolCall(draft, 'custom_tool_call', status), input: draft.text, ...signed(draft) }),
  begin: () => [],
  grow: (_draft, delta) => [{ type: 'response.custom_tool_call_input.delta', delta }],
  end: (draft) => [{ type: 'response.custom_tool_call_input.done', input: draft.text }],
};

function toolCall(draft: Draft, type: string, status: ItemStatus): Item {
  const { callId, name } = toolCallOf(draft);
  return { id: draft.id, type, status, call_id: callId, name };
}

function toolCallOf({ block }: Draft): { callId: string; name: string } {
  return block.kind === 'tool_call' ? block : { callId: '', name: '' };
}

function signed({ signature }: Draft): { encrypted_content?: string } {
  return signature === null ? {} : { encrypted_content: signature };
}

function presentAnnotation({ url, title, start, end }: Annotation) {
  return { type: 'url_citation', url, title: title ?? '', start_index: start, end_index: end };
}

function presentLogprob({ token, logprob, bytes, top }: TokenLogprob) {
  return {
    token,
    logprob,
    bytes: bytes ?? [],
    top_logprobs: top.map((each) => ({ token: each.token, logprob: each.logprob, bytes: each.bytes ?? [] })),
  };
}
