import { z } from 'zod';
import type { ListedModel } from '../../../core/models/managed-routers.ts';
import type { ModelType } from '../../../core/models.ts';
import { usageOf } from '../../../core/usage.ts';
import { malformedAnswer } from '../ask.ts';
import { typeByName } from '../model-type.ts';
import { toVectors } from '../vectors.ts';
import type { Capabilities, EmbedCall, Embeddings } from '../vendor.ts';

const description = z.object({
  model_info: z.record(z.string(), z.unknown()).nullish(),
  /** Older servers do not say what a model can do. */
  capabilities: z.array(z.string()).nullish(),
});
const tags = z.object({ models: z.array(z.object({ name: z.string() })) });
const embedded = z.object({
  embeddings: z.array(z.array(z.number()).min(1)),
  prompt_eval_count: z.number().nullish(),
});

/** What `POST /api/show` says. Its facts bear the name of the model's architecture: `llama.context_length`. */
export function fromShowAnswer(answer: unknown, type: ModelType): Capabilities {
  const { data, error } = description.safeParse(answer);
  if (error) throw malformedAnswer(error);
  const facts = Object.entries(data.model_info ?? {});
  const fact = (name: string) => {
    const value = facts.find(([key]) => key.endsWith(`.${name}`))?.[1];
    return typeof value === 'number' ? value : null;
  };
  return {
    maxContextLength: fact('context_length'),
    vectorSize: type === 'text-embeddings-inference' ? fact('embedding_length') : null,
  };
}

/** What `POST /api/embed` says, one vector per text. Throws `upstream_error`. */
export function fromEmbedAnswer(answer: unknown, { texts, dimensions }: EmbedCall): Embeddings {
  const { data, error } = embedded.safeParse(answer);
  if (error) throw malformedAnswer(error);
  const { embeddings, prompt_eval_count: promptTokens } = data;
  const usage = usageOf(promptTokens == null ? { estimated: true } : { promptTokens });
  return { vectors: toVectors(embeddings, texts.length, dimensions), usage };
}

/** The names in what `GET /api/tags` says. */
export function namesIn(answer: unknown): string[] {
  const { data, error } = tags.safeParse(answer);
  if (error) throw malformedAnswer(error);
  return data.models.map(({ name }) => name);
}

/** A model of the list, by what `POST /api/show` says of it. */
export function fromShown(name: string, answer: unknown): ListedModel {
  const capabilities = description.safeParse(answer).data?.capabilities;
  const type = capabilities ? typeByCapabilities(capabilities) : (typeByName(name) ?? 'text-generation');
  return { name, type, maxContextLength: fromShowAnswer(answer, type).maxContextLength };
}

function typeByCapabilities(capabilities: readonly string[]): ModelType {
  if (capabilities.includes('embedding')) return 'text-embeddings-inference';
  return capabilities.includes('vision') ? 'image-text-to-text' : 'text-generation';
}
