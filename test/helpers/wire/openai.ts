/** OpenAI's wire as its servers write it: chat, completions, responses, embeddings, models. */
import { type Answer, type Asked, jsonAnswer, type Respond, sseAnswer } from '../fake-upstream.ts';
import { responseStream } from './openai-responses.ts';
import { finishOf, type Said, type SaidUsage, someUsage } from './said.ts';

const created = 1_700_000_000;
const requestId = { 'x-request-id': 'req_upstream' };

/** `POST /v1/chat/completions`, not streamed. */
export function chatCompletion(said: Said, model = 'gpt-test'): Answer {
  const usage = said.usage === undefined ? someUsage : said.usage;
  return jsonAnswer(
    {
      id: 'chatcmpl-upstream',
      object: 'chat.completion',
      created,
      model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: said.text?.join('') ?? null,
            refusal: said.refusal?.join('') ?? null,
            ...(said.reasoning && { reasoning_content: said.reasoning.join('') }),
            ...(said.toolCalls && {
              tool_calls: said.toolCalls.map((call) => ({
                id: call.id,
                type: 'function',
                function: { name: call.name, arguments: call.arguments.join('') },
              })),
            }),
          },
          logprobs: null,
          finish_reason: finishOf(said),
        },
      ],
      ...(usage && { usage: chatUsage(usage) }),
      service_tier: 'default',
      system_fingerprint: 'fp_test',
    },
    200,
    requestId,
  );
}

/** `POST /v1/chat/completions` with `stream`, and the frame of the usage where it was asked for. */
export function chatStream(said: Said, model = 'gpt-test', withUsage = true): Answer {
  const head = { id: 'chatcmpl-upstream', object: 'chat.completion.chunk', created, model };
  const frame = (delta: object, finish: string | null = null) => ({
    ...head,
    service_tier: 'default',
    system_fingerprint: 'fp_test',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  });
  const usage = said.usage === undefined ? someUsage : said.usage;
  return sseAnswer(
    [
      frame({ role: 'assistant', content: '', refusal: null }),
      ...(said.reasoning ?? []).map((piece) => frame({ reasoning_content: piece })),
      ...(said.text ?? []).map((piece) => frame({ content: piece })),
      ...(said.refusal ?? []).map((piece) => frame({ refusal: piece })),
      ...(said.toolCalls ?? []).flatMap((call, index) => [
        frame({ tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] }),
        ...call.arguments.map((piece) => frame({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
      frame({}, finishOf(said)),
      ...(withUsage && usage ? [{ ...head, choices: [], usage: chatUsage(usage) }] : []),
      '[DONE]',
    ],
    requestId,
  );
}

/** `POST /v1/completions`, streamed or not. */
export function completion(said: Said, stream: boolean, withUsage = true, model = 'gpt-test'): Answer {
  const head = { id: 'cmpl-upstream', object: 'text_completion', created, model };
  const choice = (text: string, finish: string | null) => ({ text, index: 0, logprobs: null, finish_reason: finish });
  const usage = said.usage === undefined ? someUsage : said.usage;
  const counts = usage && { usage: chatUsage(usage) };
  if (!stream) {
    const whole = { ...head, choices: [choice((said.text ?? []).join(''), finishOf(said))], ...counts };
    return jsonAnswer(whole, 200, requestId);
  }
  return sseAnswer(
    [
      ...(said.text ?? []).map((piece) => ({ ...head, choices: [choice(piece, null)] })),
      { ...head, choices: [choice('', finishOf(said))] },
      ...(withUsage && counts ? [{ ...head, choices: [], ...counts }] : []),
      '[DONE]',
    ],
    requestId,
  );
}

/** `POST /v1/responses`, streamed or not; text alone where it is not. */
export function response(said: Said, stream: boolean, model = 'gpt-test'): Answer {
  if (stream) return responseStream(said, model);
  const text = (said.text ?? []).join('');
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  const item = { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [part] };
  const usage = said.usage === undefined ? someUsage : said.usage;
  const done = {
    id: 'resp_upstream',
    object: 'response',
    created_at: created,
    status: 'completed',
    model,
    output: [item],
    usage: usage && {
      input_tokens: usage.prompt,
      input_tokens_details: { cached_tokens: usage.cached ?? 0 },
      output_tokens: usage.completion,
      output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
      total_tokens: usage.prompt + usage.completion,
    },
  };
  return jsonAnswer(done, 200, requestId);
}

/** `POST /v1/embeddings`. */
export function embeddings(vectors: readonly (readonly number[])[], promptTokens = 4, model = 'embed-test'): Answer {
  return jsonAnswer(
    {
      object: 'list',
      data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model,
      usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
    },
    200,
    requestId,
  );
}

/** `GET /v1/models`; `more` are fields that only some servers have, such as `max_model_len`. */
export function models(ids: readonly string[], more: Record<string, unknown> = {}): Answer {
  return jsonAnswer({
    object: 'list',
    data: ids.map((id) => ({ id, object: 'model', created, owned_by: 'test', ...more })),
  });
}

/** Its way of saying no. */
export function failure(status: number, message: string, more: { code?: string; param?: string } = {}): Answer {
  const error = { message, type: 'invalid_request_error', param: more.param ?? null, code: more.code ?? null };
  return jsonAnswer({ error }, status, requestId);
}

/** A whole server: says `said` on every path a model is asked on, streamed where the request wants that. */
export function speaksOpenAi(said: Said = { text: ['Hello', ' there.'] }, modelIds = ['gpt-test']): Respond {
  return (asked) => {
    const body = bodyOf(asked);
    const model = typeof body['model'] === 'string' ? body['model'] : 'gpt-test';
    const stream = body['stream'] === true;
    const options = body['stream_options'] as { include_usage?: boolean } | undefined;
    switch (new URL(asked.path, 'http://x').pathname) {
      case '/v1/chat/completions':
        return stream ? chatStream(said, model, options?.include_usage === true) : chatCompletion(said, model);
      case '/v1/completions':
        return completion(said, stream, options?.include_usage === true, model);
      case '/v1/responses':
        return response(said, stream, model);
      case '/v1/embeddings': {
        const texts = Array.isArray(body['input']) ? body['input'] : [body['input']];
        return embeddings(texts.map(vectorFor), 4 * texts.length, model);
      }
      case '/v1/models':
        return models(modelIds);
      default:
        return failure(404, `Unknown path ${asked.path}`);
    }
  };
}

function bodyOf(asked: Asked): Record<string, unknown> {
  return typeof asked.json === 'object' && asked.json !== null ? (asked.json as Record<string, unknown>) : {};
}

/** Of unit length, different for different texts. */
function vectorFor(text: unknown): number[] {
  const angle = [...String(text)].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  return [Math.cos(angle), Math.sin(angle), 0, 0];
}

function chatUsage(usage: SaidUsage) {
  return {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.prompt + usage.completion,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0, audio_tokens: 0 },
  };
}
