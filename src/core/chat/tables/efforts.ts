/** How hard a model is to think, in the words of each upstream and in tokens. */
import type { Effort, Reasoning } from '../../chat.ts';

type Thinking = Exclude<Effort, 'none'>;

/** For models that know budgets only. */
export const effortBudgets: Record<Thinking, number> = {
  minimal: 1024,
  low: 4096,
  medium: 16_384,
  high: 32_768,
  xhigh: 32_768,
  max: 32_768,
};

/** For models that know efforts only. A negative budget leaves it to the model, which is the middle. */
export function effortOfBudget(budgetTokens: number): Effort {
  if (budgetTokens === 0) return 'none';
  if (budgetTokens < 0) return 'medium';
  if (budgetTokens <= effortBudgets.low) return 'low';
  return budgetTokens <= effortBudgets.medium ? 'medium' : 'high';
}

export type AnthropicEffort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export const anthropicEfforts: Record<Thinking, AnthropicEffort> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};

export const geminiLevels: Record<Effort, 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH'> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

export const ollamaLevels: Record<Effort, false | 'low' | 'medium' | 'high'> = {
  none: false,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** How much thinking a request asks for: nothing said, none, or some, as much as the model likes where both are null. */
export type ThinkingWish = 'unsaid' | 'off' | { effort: Thinking | null; budgetTokens: number | null };

export function thinkingWish(reasoning: Reasoning | null): ThinkingWish {
  if (reasoning === null) return 'unsaid';
  const { effort, budgetTokens, summary } = reasoning;
  if (effort === 'none' || budgetTokens === 0) return 'off';
  if (effort === null && budgetTokens === null && summary === null) return 'unsaid';
  return { effort, budgetTokens: budgetTokens !== null && budgetTokens > 0 ? budgetTokens : null };
}
