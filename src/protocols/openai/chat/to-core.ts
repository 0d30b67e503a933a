import type { ChatCall, ChatRequest, OutputFormat, Reasoning } from '../../../core/chat.ts';
import { toSampling, toStop } from '../sampling.ts';
import { toMessages } from './messages-to-core.ts';
import { refuse } from './refusals.ts';
import { isRelayable, isTranslated } from './relayable.ts';
import type { ChatBody } from './request-schema.ts';
import { toChatSearch } from './search-to-core.ts';
import { toToolChoice, toTools } from './tools-to-core.ts';
import { unknownPartsOf } from './unknown-parts.ts';

/** `bytes` are the JSON text of the body. Throws `invalid_request` and `unsupported_value` that name the field. */
export function toChatCall(body: ChatBody, bytes: Uint8Array | null): ChatCall {
  refuse(body);
  const search = toChatSearch(body);
  return {
    request: toRequest(body),
    wire:
      bytes === null || !isRelayable(body)
        ? null
        : {
            dialect: 'openai-chat',
            bytes,
            stream: body.stream === true,
            hidesUsage: body.stream === true && body.stream_options?.include_usage !== true,
          },
    ...(search && { search }),
    ...(body.store === true && { keep: { metadata: body.metadata ?? {} } }),
  };
}

function toRequest(body: ChatBody): ChatRequest {
  const tools = toTools(body);
  return {
    model: body.model,
    messages: toMessages(body.messages),
    tools,
    toolChoice: toToolChoice(body, tools),
    // The answer to functions has room for one call.
    parallelToolCalls: body.functions ? false : (body.parallel_tool_calls ?? null),
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    stop: toStop(body.stop),
    sampling: { ...toSampling(body), logprobs: body.logprobs ?? null, topLogprobs: body.top_logprobs ?? null },
    reasoning: toReasoning(body),
    format: toFormat(body.response_format),
    verbosity: body.verbosity ?? null,
    choices: body.n ?? 1,
    serviceTier: body.service_tier ?? null,
    cacheKey: body.prompt_cache_key ?? null,
    endUser: body.user ?? null,
    safetyIdentifier: body.safety_identifier ?? null,
    unknownFields: [
      ...Object.keys(body).filter((name) => !isTranslated(name) && body[name] !== null),
      ...unknownPartsOf(body.messages),
    ],
  };
}

function toReasoning({ reasoning_effort: effort, include_reasoning: isShown }: ChatBody): Reasoning | null {
  if (!effort && !isShown) return null;
  return {
    effort: effort ?? null,
    budgetTokens: null,
    summary: isShown ? 'auto' : null,
    includeSignature: isShown === true,
  };
}

function toFormat(format: ChatBody['response_format']): OutputFormat | null {
  if (!format || format.type === 'text') return null;
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, description, schema, strict } = format.json_schema;
  return {
    type: 'json_schema',
    name,
    description: description ?? null,
    schema: schema ?? {},
    strict: strict ?? null,
  };
}
