import { effortOfBudget } from '../../../core/chat/tables/efforts.ts';
import type { ChatRequest, Effort, Reasoning } from '../../../core/chat.ts';
import { cannot } from '../translation/without.ts';
import type { ChatTraits } from './description.ts';

/** OpenAI's names of what may be set for a chat, and the values that were; null for what was not. */
function settingsOf({ sampling, ...request }: ChatRequest) {
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    seed: sampling.seed,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    logit_bias: sampling.logitBias,
    logprobs: sampling.logprobs,
    top_logprobs: sampling.topLogprobs,
    stop: request.stop.length > 0 ? request.stop : null,
    max_completion_tokens: request.maxOutputTokens,
    parallel_tool_calls: request.tools.length > 0 ? request.parallelToolCalls : null,
    response_format: formatOf(request.format),
    reasoning_effort: request.reasoning && effortOf(request.reasoning),
    verbosity: request.verbosity,
    service_tier: request.serviceTier,
    prompt_cache_key: request.cacheKey,
    user: request.endUser,
    // Behind `user`: it wins where a vendor has one name for both.
    safety_identifier: request.safetyIdentifier,
  };
}

export type Setting = keyof ReturnType<typeof settingsOf>;

/** The settings as a vendor takes them. Throws `unsupported_value` for one that it does not. */
export function toWireSettings(
  request: ChatRequest,
  traits: ChatTraits,
  onIgnored: (path: string) => void,
): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settingsOf(request)) as [Setting, unknown][]) {
    const isMissing = traits.refused.includes(name) || traits.ignored.includes(name);
    if (value === null || (isMissing && isNeutral(value))) continue;
    if (traits.refused.includes(name))
      throw cannot(name, `Models of ${traits.name} do not take ${name}. Leave it out.`);
    if (traits.ignored.includes(name)) onIgnored(name);
    else wire[traits.renamed[name] ?? name] = value;
  }
  if (request.reasoning?.summary && !traits.replaysReasoning) onIgnored('reasoning.summary');
  return wire;
}

/** Set to what would be so anyway. */
function isNeutral(value: unknown): boolean {
  const isPlain = value === false || value === 0 || value === 'auto';
  return isPlain || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}

function formatOf(format: ChatRequest['format']): object | null {
  if (format === null || format.type === 'json_object') return format;
  const { type, name, description, schema, strict } = format;
  const json_schema = {
    name,
    schema,
    ...(description !== null && { description }),
    ...(strict !== null && { strict }),
  };
  return { type, json_schema };
}

/** In OpenAI's words, of one that was said in tokens too. */
export function effortOf({ effort, budgetTokens }: Reasoning): Effort | null {
  return effort ?? (budgetTokens === null ? null : effortOfBudget(budgetTokens));
}
