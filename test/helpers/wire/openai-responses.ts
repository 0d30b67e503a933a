/** OpenAI's Responses as its servers stream them. */
import type { Answer } from '../fake-upstream.ts';
import { finishOf, type Said, someUsage } from './said.ts';

interface SaidEvent {
  type: string;
  [field: string]: unknown;
}

/** What an item says on its way to `done`. */
interface SaidItem {
  done: Record<string, unknown>;
  begun: Record<string, unknown>;
  events: readonly SaidEvent[];
}

/** `POST /v1/responses` with `stream`. Thoughts are signed. */
export function responseStream(said: Said, model = 'gpt-test'): Answer {
  const items = [...thought(said), ...message(said), ...calls(said)];
  const started = {
    id: 'resp_upstream',
    object: 'response',
    created_at: 1_700_000_000,
    model,
    service_tier: 'default',
  };
  const begun = { ...started, status: 'in_progress', output: [], usage: null };
  const output = items.map(({ done }) => done);
  const { status, reason } = endOf(said);
  const ended = { ...started, status, output, usage: usageOf(said), incomplete_details: reason && { reason } };
  const events: SaidEvent[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...items.flatMap(({ begun: item, events: inside, done }, output_index) => [
      { type: 'response.output_item.added', output_index, item },
      ...inside.map((event) => ({ ...event, item_id: done['id'], output_index })),
      { type: 'response.output_item.done', output_index, item: done },
    ]),
    { type: `response.${status}`, response: ended },
  ];
  return {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_upstream' },
    body: events.map(
      (event, index) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`,
    ),
  };
}

function thought({ reasoning }: Said): SaidItem[] {
  if (!reasoning) return [];
  const item = { id: 'rs_1', type: 'reasoning', summary: [] as object[] };
  const place = { summary_index: 0 };
  const text = reasoning.join('');
  const part = { type: 'summary_text', text };
  const events = [
    { type: 'response.reasoning_summary_part.added', ...place, part: { ...part, text: '' } },
    ...reasoning.map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...place, delta })),
    { type: 'response.reasoning_summary_text.done', ...place, text },
    { type: 'response.reasoning_summary_part.done', ...place, part },
  ];
  return [{ begun: item, events, done: { ...item, summary: [part], encrypted_content: 'c2VjcmV0' } }];
}

function message({ text, refusal }: Said): SaidItem[] {
  const pieces = refusal ?? text;
  if (!pieces) return [];
  const whole = pieces.join('');
  const place = { content_index: 0 };
  const name = refusal ? 'response.refusal' : 'response.output_text';
  const part = refusal
    ? { type: 'refusal', refusal: whole }
    : { type: 'output_text', text: whole, annotations: [], logprobs: [] };
  const item = { id: 'msg_1', type: 'message', role: 'assistant' };
  const events = [
    { type: 'response.content_part.added', ...place, part: { ...part, ...(refusal ? { refusal: '' } : { text: '' }) } },
    ...pieces.map((delta) => ({ type: `${name}.delta`, ...place, delta })),
    { type: `${name}.done`, ...place, ...(refusal ? { refusal: whole } : { text: whole }) },
    { type: 'response.content_part.done', ...place, part },
  ];
  const done = { ...item, status: 'completed', content: [part] };
  return [{ begun: { ...item, status: 'in_progress', content: [] }, events, done }];
}

function calls({ toolCalls = [] }: Said): SaidItem[] {
  return toolCalls.map(({ id, name, arguments: pieces }, index) => {
    const item = { id: `fc_${index}`, type: 'function_call', call_id: id, name };
    const whole = pieces.join('');
    const events = [
      ...pieces.map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
      { type: 'response.function_call_arguments.done', name, arguments: whole },
    ];
    const done = { ...item, status: 'completed', arguments: whole };
    return { begun: { ...item, status: 'in_progress', arguments: '' }, events, done };
  });
}

function endOf(said: Said) {
  const finish = finishOf(said);
  if (finish === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (finish === 'content_filter') return { status: 'incomplete', reason: 'content_filter' };
  return { status: 'completed', reason: null };
}

function usageOf({ usage = someUsage }: Said) {
  if (usage === null) return null;
  return {
    input_tokens: usage.prompt,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.completion,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.prompt + usage.completion,
  };
}
