/** How a model is told to think: by a level, by a number of tokens, or not at all. */
export type GeminiThinking = 'levels' | 'none' | { maxBudgetTokens: number };

/** The first that fits. */
const models: readonly (readonly [RegExp, GeminiThinking])[] = [
  [/gemini-2\.5-pro/, { maxBudgetTokens: 32_768 }],
  [/gemini-2\.5|gemini-flash-lite-latest/, { maxBudgetTokens: 24_576 }],
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
