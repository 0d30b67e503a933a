import { effortOfBudget, ollamaLevels, thinkingWish } from '../../../core/chat/tables/efforts.ts';
import type { ChatRequest, Tool } from '../../../core/chat.ts';
import { asFunction } from '../translation/custom-tools.ts';
import { oneCallHint } from '../translation/hints.ts';
import { cannot, doWithout } from '../translation/without.ts';
import { toMessages } from './messages.ts';

const missing = [
  'logit_bias',
  'verbosity',
  'service_tier',
  'prompt_cache_key',
  'user',
  'safety_identifier',
  'parallel_tool_calls',
  'tools[].function.strict',
  'messages[].name',
  'messages[].content[].image_url.detail',
] as const;

/**
 * The body of `POST /api/chat`. Throws `unsupported_value` and `invalid_request`; `onIgnored` hears what is as good
 * without.
 */
export function toChatBody(
  request: ChatRequest,
  modelName: string,
  onIgnored: (path: string) => void = () => undefined,
): Record<string, unknown> {
  doWithout('Ollama', missing, request, onIgnored);
  const tools = toTools(request);
  const messages = toMessages(request.messages);
  const wantsOneCall = request.parallelToolCalls === false && tools.length > 0;
  const think = toThink(request);
  const options = toOptions(request);
  return {
    model: modelName,
    stream: true,
    // What is too long for the server's context is refused or ends for its length; it would drop the beginning.
    truncate: false,
    shift: false,
    messages: wantsOneCall ? [{ role: 'system', content: oneCallHint }, ...messages] : messages,
    ...(tools.length > 0 && { tools }),
    ...(think !== null && { think }),
    ...toFormat(request),
    ...(request.sampling.logprobs && { logprobs: true, top_logprobs: request.sampling.topLogprobs ?? 0 }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

/** There is no switch: tools that must not be called are not shown, and none can be forced. */
function toTools({ tools, toolChoice }: ChatRequest): readonly Record<string, unknown>[] {
  if (toolChoice?.mode === 'any') {
    throw cannot('tool_choice', 'Models of Ollama cannot be made to call a tool. Use `auto`.');
  }
  if (toolChoice?.mode === 'none') return [];
  const isAllowed = ({ name }: Tool) => toolChoice?.allowed?.includes(name) ?? true;
  return tools.flatMap((tool, index) => {
    const { name, description, parameters } = asFunction('Ollama', tool, index);
    return isAllowed(tool)
      ? [{ type: 'function', function: { name, description: description ?? '', parameters } }]
      : [];
  });
}

function toThink({ reasoning }: ChatRequest): boolean | string | null {
  const wish = thinkingWish(reasoning);
  if (wish === 'unsaid') return null;
  if (wish === 'off') return false;
  const effort = wish.effort ?? (wish.budgetTokens === null ? null : effortOfBudget(wish.budgetTokens));
  return effort === null ? true : ollamaLevels[effort];
}

function toFormat({ format }: ChatRequest): Record<string, unknown> {
  if (format === null) return {};
  return { format: format.type === 'json_schema' ? format.schema : 'json' };
}

function toOptions({ sampling, stop, maxOutputTokens }: ChatRequest): Record<string, unknown> {
  const options = {
    num_predict: maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    seed: sampling.seed,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    stop: stop.length > 0 ? stop : null,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}
