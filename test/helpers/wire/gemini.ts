/** Gemini's wire as its servers write it: generation, embeddings, models. */
import type { FinishReason } from '../../../src/core/chat/parts.ts';
import { type Answer, jsonAnswer, type Respond, sseAnswer } from '../fake-upstream.ts';
import { finishOf, type Said, type SaidUsage, someUsage } from './said.ts';

const finishReasons: Record<FinishReason, string> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
};

/** `:streamGenerateContent?alt=sse`. */
export function generationStream(said: Said, model = 'gemini-test'): Answer {
  const chunk = (parts: readonly object[], more: object = {}) => ({
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
    modelVersion: model,
    responseId: 'resp_upstream',
  });
  const usage = said.usage === undefined ? someUsage : said.usage;
  return sseAnswer([
    ...(said.reasoning ?? []).map((text) => chunk([{ text, thought: true }])),
    ...(said.text ?? []).map((text) => chunk([{ text }])),
    ...(said.toolCalls ?? []).map(({ id, name, arguments: pieces }) =>
      chunk([{ functionCall: { id, name, args: JSON.parse(pieces.join('') || '{}') } }]),
    ),
    {
      ...chunk([{ text: '' }], { finishReason: finishReasons[finishOf(said)] }),
      ...(usage && { usageMetadata: usageMetadata(usage) }),
    },
  ]);
}

/** `:batchEmbedContents`. */
export function embeddingBatch(vectors: readonly (readonly number[])[]): Answer {
  return jsonAnswer({ embeddings: vectors.map((values) => ({ values })) });
}

/** Its way of saying no. */
export function geminiFailure(status: number, message: string): Answer {
  return jsonAnswer({ error: { code: status, message, status: 'INVALID_ARGUMENT', details: [] } }, status);
}

/** A whole server: says `said` on every generation, and knows every model. */
export function speaksGemini(said: Said = { text: ['Hello', ' there.'] }): Respond {
  return ({ method, path, json }) => {
    const { pathname } = new URL(path, 'http://x');
    if (pathname.endsWith(':streamGenerateContent')) return generationStream(said);
    if (pathname.endsWith(':batchEmbedContents')) {
      const { requests } = json as { requests: readonly unknown[] };
      return embeddingBatch(requests.map((_request, index) => [Math.cos(index), Math.sin(index), 0]));
    }
    if (method === 'GET' && pathname.startsWith('/v1beta/models/')) {
      return jsonAnswer({ name: pathname.slice('/v1beta/'.length), inputTokenLimit: 1_048_576 });
    }
    return geminiFailure(404, `Unknown path ${path}`);
  };
}

function usageMetadata({ prompt, completion, cached = 0, reasoning = 0 }: SaidUsage): object {
  return {
    promptTokenCount: prompt,
    cachedContentTokenCount: cached,
    candidatesTokenCount: completion - reasoning,
    thoughtsTokenCount: reasoning,
    totalTokenCount: prompt + completion,
  };
}
