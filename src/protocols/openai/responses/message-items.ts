import type { Annotation, TokenLogprob } from '../../../core/chat/parts.ts';
import type { Item } from '../../../core/response.ts';
import { logprobsOf } from './heard-logprobs.ts';
import type { Draft, ItemForm, ItemStatus } from './item-form.ts';

const first = { content_index: 0 };

function textPart({ text, annotations, logprobs }: Draft) {
  return {
    type: 'output_text',
    text,
    annotations: annotations.map(presentAnnotation),
    logprobs: logprobsOf(logprobs).map(presentLogprob),
  };
}

export const text: ItemForm = {
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

export const refusal: ItemForm = {
  prefix: 'msg',
  item: (draft, status) => message(draft, status, refusalPart(draft)),
  begin: (draft) => [{ type: 'response.content_part.added', ...first, part: refusalPart(draft) }],
  grow: (_draft, delta) => [{ type: 'response.refusal.delta', ...first, delta }],
  end: (draft) => [
    { type: 'response.refusal.done', ...first, refusal: draft.text },
    { type: 'response.content_part.done', ...first, part: refusalPart(draft) },
  ],
};

function message({ id, block }: Draft, status: ItemStatus, part: Record<string, unknown>): Item {
  const content = status === 'in_progress' ? [] : [part];
  const phase = block.kind === 'text' ? block.phase : undefined;
  return { id, type: 'message', status, role: 'assistant', content, ...(phase && { phase }) };
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
