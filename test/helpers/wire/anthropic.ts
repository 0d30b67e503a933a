/** Anthropic's wire as its servers write it: messages, models. */
import type { FinishReason } from '../../../src/core/chat/parts.ts';
import { type Answer, jsonAnswer, type Respond } from '../fake-upstream.ts';
import { finishOf, type Said, someUsage } from './said.ts';

const requestId = { 'request-id': 'req_upstream' };
const stopReasons: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

/** `POST /v1/messages` with `stream`. */
export function messageStream(said: Said, model = 'claude-test'): Answer {
  const usage = said.usage === undefined ? someUsage : said.usage;
  const input = usage && {
    input_tokens: usage.prompt - (usage.cached ?? 0),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached ?? 0,
  };
  const output = usage && {
    output_tokens: usage.completion,
    output_tokens_details: { thinking_tokens: usage.reasoning ?? 0 },
  };
  const reason = said.refusal ? 'content_filter' : finishOf(said);
  const delta = {
    stop_reason: stopReasons[reason],
    stop_sequence: null,
    ...(said.refusal && { stop_details: { type: 'refusal', category: null, explanation: said.refusal.join('') } }),
  };
  const head = { id: 'msg_upstream', type: 'message', role: 'assistant', model, content: [] };
  const events = [
    {
      type: 'message_start',
      message: {
        ...head,
        stop_reason: null,
        stop_sequence: null,
        ...(usage && { usage: { ...input, output_tokens: 1 } }),
      },
    },
    { type: 'ping' },
    ...blocksOf(said).flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((each) => ({ type: 'content_block_delta', index, delta: each })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta, ...(usage && { usage: { ...input, ...output } }) },
    { type: 'message_stop' },
  ];
  return {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...requestId },
    body: events.map(anthropicEvent),
  };
}

/** One event of a stream, as it is written. */
export function anthropicEvent(event: { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Its way of saying no. */
export function anthropicFailure(status: number, message: string): Answer {
  const error = { type: 'invalid_request_error', message };
  return jsonAnswer({ type: 'error', error, request_id: 'req_upstream' }, status, requestId);
}

/** A whole server: says `said` to every message, and knows every model. */
export function speaksAnthropic(said: Said = { text: ['Hello', ' there.'] }): Respond {
  return ({ method, path }) => {
    const { pathname } = new URL(path, 'http://x');
    if (pathname === '/v1/messages') return messageStream(said);
    if (method === 'GET' && pathname.startsWith('/v1/models/')) {
      return jsonAnswer({ type: 'model', id: pathname.slice('/v1/models/'.length), max_input_tokens: 200_000 });
    }
    return anthropicFailure(404, `Unknown path ${path}`);
  };
}

function blocksOf(said: Said): { start: object; deltas: object[] }[] {
  const blocks = [];
  if (said.reasoning) {
    blocks.push({
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...said.reasoning.map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: 'c2lnbmVk' },
      ],
    });
  }
  if (said.text) {
    blocks.push({
      start: { type: 'text', text: '' },
      deltas: said.text.map((text) => ({ type: 'text_delta', text })),
    });
  }
  for (const { id, name, arguments: pieces } of said.toolCalls ?? []) {
    blocks.push({
      start: { type: 'tool_use', id, name, input: {} },
      deltas: ['', ...pieces].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    });
  }
  return blocks;
}
