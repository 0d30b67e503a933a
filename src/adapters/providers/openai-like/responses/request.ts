import type { ChatRequest, OutputFormat, Tool, ToolChoice } from '../../../../core/chat.ts';
import { cannot, doWithout } from '../../translation/without.ts';
import { effortOf } from '../settings.ts';
import { toItems } from './items.ts';

/** Fewer are refused on this wire. */
const minOutputTokens = 16;

/** The body of a response, always of a streamed one. Throws `unsupported_value` for what this wire has no word for. */
export function toResponseBody(
  request: ChatRequest,
  modelName: string,
  onIgnored: (path: string) => void = () => undefined,
): Record<string, unknown> {
  const missing = missingIn(request);
  if (missing) throw cannot(missing.param, `This model of OpenAI ${missing.lack}`);
  doWithout('OpenAI', ['seed', 'messages[].name'], request, onIgnored);
  if (request.sampling.topK !== null) onIgnored('top_k');
  return {
    model: modelName,
    input: toItems(request.messages),
    ...withoutNulls(settingsOf(request)),
    ...toTools(request),
    store: false,
    stream: true,
  };
}

interface Missing {
  /** Where it stands in Chat Completions. */
  param: string;
  /** What the model does not do, and what may be done about it. */
  lack: string;
}

/** What the caller asked for in vain on this wire; null of most requests. */
export function missingIn({ stop, sampling, messages }: ChatRequest): Missing | null {
  if (stop.length > 0) return missingField('stop');
  if (Object.keys(sampling.logitBias ?? {}).length > 0) return missingField('logit_bias');
  if ((sampling.frequencyPenalty ?? 0) !== 0) return missingField('frequency_penalty');
  if ((sampling.presencePenalty ?? 0) !== 0) return missingField('presence_penalty');
  for (const [index, { parts }] of messages.entries()) {
    const place = parts.findIndex(({ type }) => type === 'audio');
    const param = `messages[${index}].content[${place}]`;
    if (place !== -1) return { param, lack: 'does not take sound. Send text, images or files.' };
  }
  return null;
}

function missingField(param: string): Missing {
  return { param, lack: `does not take ${param}. Leave it out.` };
}

function settingsOf({ sampling, reasoning, ...request }: ChatRequest) {
  const wantsLogprobs = sampling.logprobs === true || (sampling.topLogprobs ?? 0) > 0;
  const include = [
    ...(reasoning?.includeSignature ? ['reasoning.encrypted_content'] : []),
    ...(wantsLogprobs ? ['message.output_text.logprobs'] : []),
  ];
  const text = withoutNulls({ format: formatOf(request.format), verbosity: request.verbosity });
  const thinking = withoutNulls({ effort: reasoning && effortOf(reasoning), summary: reasoning?.summary ?? null });
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_logprobs: wantsLogprobs ? sampling.topLogprobs : null,
    max_output_tokens: request.maxOutputTokens === null ? null : Math.max(minOutputTokens, request.maxOutputTokens),
    parallel_tool_calls: request.tools.length > 0 ? request.parallelToolCalls : null,
    reasoning: orNull(thinking),
    text: orNull(text),
    include: include.length > 0 ? include : null,
    service_tier: request.serviceTier,
    prompt_cache_key: request.cacheKey,
    safety_identifier: request.safetyIdentifier,
    user: request.endUser,
  };
}

function toTools({ tools, toolChoice }: ChatRequest): Record<string, unknown> {
  if (tools.length === 0) return {};
  return { tools: tools.map(toTool), ...(toolChoice !== null && { tool_choice: toChoice(toolChoice, tools) }) };
}

/** Left to itself, this wire would hold functions to schemas that nobody meant to be strict. */
function toTool({ kind, name, description, parameters, strict, grammar }: Tool): object {
  const about = { type: kind, name, ...(description !== null && { description }) };
  if (kind === 'custom') return { ...about, ...(grammar && { format: { type: 'grammar', ...grammar } }) };
  return { ...about, parameters: parameters ?? { type: 'object', properties: {} }, strict: strict ?? false };
}

function toChoice({ mode, allowed }: ToolChoice, tools: readonly Tool[]): string | object {
  const word = mode === 'any' ? 'required' : mode;
  if (allowed === null || mode === 'none') return word;
  const chosen = tools.filter(({ name }) => allowed.includes(name)).map(({ kind: type, name }) => ({ type, name }));
  const [only] = chosen;
  return mode === 'any' && only && chosen.length === 1 ? only : { type: 'allowed_tools', mode: word, tools: chosen };
}

function formatOf(format: OutputFormat | null): object | null {
  return format?.type === 'json_schema' ? withoutNulls(format) : format;
}

function withoutNulls(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function orNull(fields: Record<string, unknown>): Record<string, unknown> | null {
  return Object.keys(fields).length > 0 ? fields : null;
}
