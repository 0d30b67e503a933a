import { type ItemForm, signed } from './item-form.ts';

const first = { content_index: 0 };

/** A thought that its vendor keeps to itself has no parts: the first is told with its first word. */
export const reasoningSummary: ItemForm = {
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

export const reasoningText: ItemForm = {
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
