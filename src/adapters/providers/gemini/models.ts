import { z } from 'zod';
import type { ListedModel } from '../../../core/models/managed-routers.ts';
import { malformedAnswer } from '../ask.ts';
import { typeByName } from '../model-type.ts';

/** How a model is told to think: by a level, by a number of tokens, or not at all. */
export type GeminiThinking = 'levels' | 'none' | { maxBudgetTokens: number };

/** The first that fits. */
const models: readonly (readonly [RegExp, GeminiThinking])[] = [
  [/gemini-2\.5-pro/, { maxBudgetTokens: 32_768 }],
  [/gemini-2\.5/, { maxBudgetTokens: 24_576 }],
  [/gemini-(?:1|2\.0)|gemma/, 'none'],
];

/** What is newer than this list is told by levels. */
export function geminiThinking(modelName: string): GeminiThinking {
  return models.find(([pattern]) => pattern.test(modelName))?.[1] ?? 'levels';
}

/** `models/…` in paths and bodies; tuned models come with a collection of their own. */
export function resourceName(modelName: string): string {
  return modelName.includes('/') ? modelName : `models/${modelName}`;
}

const modelList = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      inputTokenLimit: z.number().nullish(),
      supportedGenerationMethods: z.array(z.string()).nullish(),
    }),
  ),
});

/** What `GET /v1beta/models` says, of what answers or embeds. */
export function fromModelList(answer: unknown): ListedModel[] {
  const { data: list, error } = modelList.safeParse(answer);
  if (error) throw malformedAnswer(error);
  return list.models.flatMap((model) => {
    const name = model.name.replace(/^models\//, '');
    const methods = model.supportedGenerationMethods ?? [];
    const type = methods.some((method) => served.includes(method)) ? typeByName(name) : null;
    return type === null ? [] : [{ name, type, maxContextLength: model.inputTokenLimit ?? null }];
  });
}

const served = ['generateContent', 'embedContent'];
