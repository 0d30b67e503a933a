import { effortBudgets, effortOfBudget, geminiLevels, thinkingWish } from '../../../core/chat/tables/efforts.ts';
import type { ChatRequest } from '../../../core/chat.ts';
import { asFunction } from '../translation/custom-tools.ts';
import { oneCallHint } from '../translation/hints.ts';
import { cannot, doWithout } from '../translation/without.ts';
import { toContents } from './contents.ts';
import { type GeminiThinking, geminiThinking } from './models.ts';

const missing = [
  'logit_bias',
  'verbosity',
  'prompt_cache_key',
  'user',
  'safety_identifier',
  'parallel_tool_calls',
  'messages[].name',
  'messages[].content[].image_url.detail',
] as const;

const maxStopSequences = 5;

/** Tiers of OpenAI under Gemini's names; what is not said is `auto`. */
const serviceTiers: Readonly<Record<string, string>> = {
  default: 'standard',
  flex: 'flex',
  priority: 'priority',
};

/**
 * The body of `:streamGenerateContent`. Throws `unsupported_value` and `invalid_request`; `onIgnored` hears what is as
 * good without.
 */
export function toGenerateBody(
  request: ChatRequest,
  modelName: string,
  onIgnored: (path: string) => void = () => undefined,
): Record<string, unknown> {
  doWithout('Gemini', missing, request, onIgnored);
  const thinking = geminiThinking(modelName);
  const { system, contents } = toContents(request.messages, thinking === 'levels');
  const functions = request.tools.map((tool, index) => asFunction('Gemini', tool, index));
  const wantsOneCall = request.parallelToolCalls === false && functions.length > 0;
  const instructions = wantsOneCall ? [...system, oneCallHint] : system;
  const generationConfig = toGenerationConfig(request, thinking);
  return {
    ...(instructions.length > 0 && { systemInstruction: { parts: instructions.map((text) => ({ text })) } }),
    contents,
    ...(functions.length > 0 && {
      tools: [
        {
          functionDeclarations: functions.map(({ name, description, parameters }) => ({
            name,
            ...(description !== null && { description }),
            parametersJsonSchema: parameters,
          })),
        },
      ],
      ...toToolConfig(
        request,
        functions.some(({ strict }) => strict),
      ),
    }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...serviceTier(request.serviceTier, onIgnored),
  };
}

/** VALIDATED is the AUTO that takes a list of allowed tools, and keeps to their schemas. */
function toToolConfig({ toolChoice }: ChatRequest, strict: boolean): Record<string, unknown> {
  const allowed = toolChoice?.allowed ?? null;
  const auto = allowed !== null || strict ? 'VALIDATED' : 'AUTO';
  if (toolChoice === null && auto === 'AUTO') return {};
  const mode = { auto, any: 'ANY', none: 'NONE' }[toolChoice?.mode ?? 'auto'];
  const names = allowed !== null && mode !== 'NONE' ? { allowedFunctionNames: allowed } : {};
  return { toolConfig: { functionCallingConfig: { mode, ...names } } };
}

function toGenerationConfig(request: ChatRequest, thinking: GeminiThinking): Record<string, unknown> {
  const { sampling, format, stop, maxOutputTokens } = request;
  if (stop.length > maxStopSequences) {
    throw cannot('stop', `Models of Gemini stop at ${maxStopSequences} texts at most; got ${stop.length}.`);
  }
  const thinkingConfig = toThinkingConfig(request, thinking);
  return said({
    maxOutputTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    frequencyPenalty: sampling.frequencyPenalty,
    presencePenalty: sampling.presencePenalty,
    responseLogprobs: sampling.logprobs || null,
    logprobs: sampling.logprobs ? sampling.topLogprobs || null : null,
    stopSequences: stop.length > 0 ? stop : null,
    responseMimeType: format === null ? null : 'application/json',
    responseJsonSchema: format?.type === 'json_schema' ? format.schema : null,
    thinkingConfig,
  });
}

function toThinkingConfig({ reasoning }: ChatRequest, thinking: GeminiThinking): Record<string, unknown> | null {
  const wish = thinkingWish(reasoning);
  if (wish === 'unsaid') return null;
  if (thinking === 'none') {
    if (wish === 'off') return null;
    throw cannot('reasoning_effort', 'This model does not think. Leave the effort out.');
  }
  if (wish === 'off') return thinking === 'levels' ? { thinkingLevel: geminiLevels.none } : { thinkingBudget: 0 };

  const includeThoughts = reasoning?.summary === null ? null : true;
  const { effort, budgetTokens } = wish;
  if (thinking === 'levels') {
    const asked = effort ?? (budgetTokens === null ? null : effortOfBudget(budgetTokens));
    return said({ thinkingLevel: asked === null ? null : geminiLevels[asked], includeThoughts });
  }
  const budget = budgetTokens ?? (effort === null ? null : effortBudgets[effort]);
  const thinkingBudget = budget === null ? -1 : Math.min(budget, thinking.maxBudgetTokens);
  return said({ thinkingBudget, includeThoughts });
}

function serviceTier(tier: string | null, onIgnored: (path: string) => void): Record<string, string> {
  if (tier === null || tier === 'auto') return {};
  const known = serviceTiers[tier];
  if (known === undefined) onIgnored('service_tier');
  return known === undefined ? {} : { serviceTier: known };
}

/** Without what nobody said. */
function said(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
