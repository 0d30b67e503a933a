/** Ollama's wire as its servers write it: chat, embeddings, models. */
import { type Answer, jsonAnswer, type Respond } from '../fake-upstream.ts';
import { finishOf, type Said, someUsage } from './said.ts';

/** `POST /api/chat`, streamed. */
export function chatLines(said: Said, model = 'llama-test'): Answer {
  const line = (message: object, more: object = {}) => ({
    model,
    created_at: '2026-11-21T12:00:00.000000Z',
    message: { role: 'assistant', content: '', ...message },
    done: false,
    ...more,
  });
  const usage = said.usage === undefined ? someUsage : said.usage;
  const calls = (said.toolCalls ?? []).map(({ id, name, arguments: pieces }, index) => ({
    id,
    function: { index, name, arguments: JSON.parse(pieces.join('') || '{}') },
  }));
  const lines = [
    ...(said.reasoning ?? []).map((thinking) => line({ thinking })),
    ...(said.text ?? []).map((content) => line({ content })),
    ...(calls.length > 0 ? [line({ tool_calls: calls })] : []),
    line(
      {},
      {
        done: true,
        done_reason: finishOf(said) === 'length' ? 'length' : 'stop',
        total_duration: 5_000_000,
        ...(usage && { prompt_eval_count: usage.prompt, eval_count: usage.completion }),
      },
    ),
  ];
  return { headers: { 'content-type': 'application/x-ndjson' }, body: lines.map(ollamaLine) };
}

/** One line of a stream, as it is written. */
export function ollamaLine(line: object): string {
  return `${JSON.stringify(line)}\n`;
}

/** `POST /api/embed`. */
export function embedded(vectors: readonly (readonly number[])[], promptTokens = 4, model = 'embed-test'): Answer {
  return jsonAnswer({ model, embeddings: vectors, total_duration: 5_000_000, prompt_eval_count: promptTokens });
}

/** Its way of saying no. */
export function ollamaFailure(status: number, message: string): Answer {
  return jsonAnswer({ error: message }, status);
}

/** A whole server: says `said` in every chat, and knows every model. */
export function speaksOllama(said: Said = { text: ['Hello', ' there.'] }): Respond {
  return ({ path, json }) => {
    switch (path) {
      case '/api/chat':
        return chatLines(said);
      case '/api/embed': {
        const { input } = json as { input: readonly unknown[] };
        return embedded(input.map((_text, index) => [Math.cos(index), Math.sin(index), 0]));
      }
      case '/api/show':
        return jsonAnswer({ model_info: { 'llama.context_length': 131_072, 'llama.embedding_length': 3_072 } });
      default:
        return ollamaFailure(404, `Unknown path ${path}`);
    }
  };
}
