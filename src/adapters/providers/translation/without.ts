import type { ChatRequest, Message } from '../../../core/chat.ts';
import { GatewayError } from '../../../core/errors.ts';

/** What some vendor or other has no counterpart for, as paths of OpenAI's wire. */
const fields = {
  logit_bias: refused(({ sampling }) => Object.keys(sampling.logitBias ?? {}).length > 0),
  logprobs: refused(({ sampling }) => sampling.logprobs === true || (sampling.topLogprobs ?? 0) > 0),
  frequency_penalty: refused(({ sampling }) => (sampling.frequencyPenalty ?? 0) !== 0),
  presence_penalty: refused(({ sampling }) => (sampling.presencePenalty ?? 0) !== 0),
  seed: ignored(({ sampling }) => sampling.seed !== null),
  verbosity: ignored(({ verbosity }) => verbosity !== null),
  service_tier: ignored(({ serviceTier }) => !['auto', 'default'].includes(serviceTier ?? 'auto')),
  prompt_cache_key: ignored(({ cacheKey }) => cacheKey !== null),
  user: ignored(({ endUser }) => endUser !== null),
  safety_identifier: ignored(({ safetyIdentifier }) => safetyIdentifier !== null),
  parallel_tool_calls: ignored(({ parallelToolCalls, tools }) => parallelToolCalls === false && tools.length > 0),
  'tools[].function.strict': ignored(({ tools }) => tools.some(({ strict }) => strict === true)),
  'messages[].name': ignored(({ messages }) => messages.some(({ name }) => name !== null)),
  'messages[].content[].image_url.detail': ignored(({ messages }) => messages.some(asksForDetail)),
} satisfies Record<string, Rule>;

interface Rule {
  /** Whether the request asks for more than it gets anyway. */
  asks(request: ChatRequest): boolean;
  /** The answer is as good without it. */
  harmless: boolean;
}

/**
 * Refuses a request that asks for what `vendor` cannot do, with `unsupported_value`; what it is as good without is
 * reported, and so is what is in no schema.
 */
export function doWithout(
  vendor: string,
  missing: readonly (keyof typeof fields)[],
  request: ChatRequest,
  onIgnored: (path: string) => void = () => undefined,
): void {
  for (const field of missing) {
    const { asks, harmless } = fields[field];
    if (!asks(request)) continue;
    if (!harmless) throw cannot(field, `Models of ${vendor} do not take ${field}. Leave it out.`);
    onIgnored(field);
  }
  for (const field of request.unknownFields) onIgnored(field);
}

/** What this vendor's models do not do. */
export function cannot(param: string, sentence: string): GatewayError {
  return new GatewayError('unsupported_value', sentence, { param });
}

function refused(asks: Rule['asks']): Rule {
  return { asks, harmless: false };
}

function ignored(asks: Rule['asks']): Rule {
  return { asks, harmless: true };
}

function asksForDetail({ parts }: Message): boolean {
  return parts.some((part) => part.type === 'image' && part.detail !== null && part.detail !== 'auto');
}
