import type { AnthropicEffort } from '../../../core/chat/tables/efforts.ts';
import { anthropicEfforts, effortBudgets, effortOfBudget, thinkingWish } from '../../../core/chat/tables/efforts.ts';
import type { ChatRequest, Effort } from '../../../core/chat.ts';
import { cannot } from '../translation/without.ts';
import type { ClaudeModel } from './models.ts';

/** The API takes no smaller budget. */
const minBudgetTokens = 1024;

export interface Thinking {
  thinking: Record<string, unknown> | null;
  effort: AnthropicEffort | null;
  /** The model thinks, and so is not to be sampled. */
  thinks: boolean;
}

const unsaid: Thinking = { thinking: null, effort: null, thinks: false };

/** How a model is told to think. With a tool it must call it does not, because the API refuses that. */
export function toThinking(
  request: ChatRequest,
  model: ClaudeModel,
  maxTokens: number,
  onIgnored: (path: string) => void,
): Thinking {
  const wish = thinkingWish(request.reasoning);
  const forced = request.toolChoice?.mode === 'any';
  if (model.thinking === 'none') {
    if (typeof wish !== 'string') throw cannot('reasoning_effort', 'This model does not think. Leave the effort out.');
    return unsaid;
  }
  if (wish === 'unsaid') return forced && model.thinking === 'adaptive' ? withoutThinking(null) : unsaid;
  if (wish === 'off') return withoutThinking(null);

  const { budgetTokens } = wish;
  const effort = wish.effort ?? (budgetTokens === null ? null : effortOfBudget(budgetTokens));
  if (model.thinking === 'adaptive') {
    // Above `high` the newest models cannot be told not to think.
    if (forced) return withoutThinking(effortFor(effort, ['low', 'medium', 'high']));
    const display = request.reasoning?.summary ? 'summarized' : 'omitted';
    return { thinking: { type: 'adaptive', display }, effort: effortFor(effort, model.efforts), thinks: true };
  }

  const wanted = budgetTokens ?? effortBudgets[effort === null || effort === 'none' ? 'medium' : effort];
  const budget = Math.min(Math.max(wanted, minBudgetTokens), maxTokens - 1);
  if (forced || budget < minBudgetTokens || lastCallIsUnsigned(request)) {
    onIgnored('reasoning_effort');
    return withoutThinking(null);
  }
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: null, thinks: true };
}

function withoutThinking(effort: AnthropicEffort | null): Thinking {
  return { thinking: { type: 'disabled' }, effort, thinks: false };
}

/** The nearest that the model has, not above what was asked. */
function effortFor(effort: Effort | null, has: readonly AnthropicEffort[]): AnthropicEffort | null {
  if (effort === null || effort === 'none') return null;
  const wanted = anthropicEfforts[effort];
  if (has.includes(wanted)) return wanted;
  return wanted === 'xhigh' || wanted === 'max' ? 'high' : null;
}

/** Thoughts by budget must go on from those that came before the last call. */
function lastCallIsUnsigned({ messages }: ChatRequest): boolean {
  const last = messages.findLast(({ role }) => role === 'assistant');
  if (!last?.parts.some(({ type }) => type === 'tool_call')) return false;
  return !last.parts.some((part) => part.type === 'reasoning' && part.signature !== null);
}
