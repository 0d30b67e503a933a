import type { ModelType } from '../../../core/models.ts';
import { usageOf } from '../../../core/usage.ts';
import { isRecord } from '../records.ts';
import { unitVectors } from '../unit-vectors.ts';
import type { Capabilities, Embeddings } from '../vendor.ts';

/** What `POST /api/show` says. Its facts bear the name of the model's architecture: `llama.context_length`. */
export function fromShowAnswer(answer: unknown, type: ModelType): Capabilities {
  const info = isRecord(answer) && isRecord(answer['model_info']) ? answer['model_info'] : {};
  const fact = (name: string) => {
    const value = Object.entries(info).find(([key]) => key.endsWith(`.${name}`))?.[1];
    return typeof value === 'number' ? value : null;
  };
  return {
    maxContextLength: fact('context_length'),
    vectorSize: type === 'text-embeddings-inference' ? fact('embedding_length') : null,
  };
}

/** What `POST /api/embed` says, one vector per text. Throws `upstream_error`. */
export function fromEmbedAnswer(answer: unknown, count: number): Embeddings {
  const body = isRecord(answer) ? answer : {};
  const lists = Array.isArray(body['embeddings']) ? body['embeddings'] : [];
  const tokens = body['prompt_eval_count'];
  const usage = usageOf(typeof tokens === 'number' ? { promptTokens: tokens } : { estimated: true });
  return { vectors: unitVectors(lists, count), usage };
}
