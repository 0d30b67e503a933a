import type { ChatRequest } from '../../../core/chat.ts';
import { jsonHint } from '../translation/hints.ts';
import { cannot, doWithout } from '../translation/without.ts';
import { toConversation } from './messages.ts';
import { type ClaudeModel, claudeModel } from './models.ts';
import { strictSchema } from './schema.ts';
import { toThinking } from './thinking.ts';
import { toTools } from './tools.ts';

const missing = [
  'logit_bias',
  'logprobs',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'verbosity',
  'messages[].name',
  'messages[].content[].image_url.detail',
] as const;

/** Tiers of OpenAI that the API has too, under its own names. */
const serviceTiers: Readonly<Record<string, string>> = { auto: 'auto', default: 'standard_only' };

/**
 * The body of `POST /v1/messages`. Throws `unsupported_value` and `invalid_request`; `onIgnored` hears what is as good
 * without.
 */
export function toMessagesBody(
  request: ChatRequest,
  modelName: string,
  onIgnored: (path: string) => void = () => undefined,
): Record<string, unknown> {
  const model = claudeModel(modelName);
  const strict = model.structuredOutput ? [] : (['tools[].function.strict'] as const);
  doWithout('Anthropic', [...missing, ...strict], request, onIgnored);
  const maxTokens = request.maxOutputTokens ?? model.maxOutputTokens;
  const { system, messages } = toConversation(request.messages, model);
  const { tools, choice } = toTools(request, model);
  const { thinking, effort, thinks } = toThinking(request, model, maxTokens, onIgnored);
  const wantsJson = request.format?.type === 'json_object';
  const instructions = wantsJson ? [...system, { type: 'text', text: jsonHint }] : system;
  const endUser = request.safetyIdentifier ?? request.endUser;
  const outputConfig = { ...(effort && { effort }), ...outputFormat(request, model) };
  return {
    model: modelName,
    max_tokens: maxTokens,
    stream: true,
    ...(instructions.length > 0 && { system: instructions }),
    messages,
    ...(tools.length > 0 && { tools }),
    ...(choice && { tool_choice: choice }),
    ...(request.stop.length > 0 && { stop_sequences: stopSequences(request.stop) }),
    ...sampling(request, model, thinks),
    ...(thinking && { thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...serviceTier(request.serviceTier, onIgnored),
    // The caller says that its prefix comes again, so it is worth the price of a write.
    ...(request.cacheKey !== null && { cache_control: { type: 'ephemeral' } }),
    ...(endUser !== null && { metadata: { user_id: endUser } }),
  };
}

function outputFormat({ format }: ChatRequest, model: ClaudeModel): Record<string, unknown> {
  if (format?.type !== 'json_schema') return {};
  if (!model.structuredOutput) {
    throw cannot('response_format', 'This model does not keep to a schema. Ask for `json_object`, or a newer model.');
  }
  const schema = strictSchema(format.schema, 'response_format.json_schema.schema');
  return { format: { type: 'json_schema', schema } };
}

function stopSequences(stop: readonly string[]): readonly string[] {
  if (stop.some((sequence) => sequence.trim() === '')) {
    throw cannot('stop', 'Models of Anthropic do not stop at white space alone.');
  }
  return stop;
}

/** 1 is what `temperature` and `top_p` are anyway, and so is never sent: the newest models refuse even that. */
function sampling({ sampling: asked }: ChatRequest, model: ClaudeModel, thinks: boolean): Record<string, number> {
  const { temperature, topP, topK } = asked;
  const values = {
    ...(temperature !== null && temperature !== 1 && { temperature }),
    ...(topP !== null && topP !== 1 && { top_p: topP }),
    ...(topK !== null && { top_k: topK }),
  };
  const [first] = Object.keys(values);
  if (first === undefined) return {};
  if (!model.sampling) throw cannot(first, `This model does not take ${first}. Leave it out.`);
  if (thinks) throw cannot(first, `Models of Anthropic do not take ${first} while they think. Leave it out.`);
  if (temperature !== null && temperature > 1) {
    throw cannot('temperature', `Models of Anthropic take a temperature of 0 to 1; got ${temperature}.`);
  }
  if (values.temperature !== undefined && values.top_p !== undefined) {
    throw cannot('top_p', 'Models of Anthropic take `temperature` or `top_p`, not both.');
  }
  return values;
}

function serviceTier(tier: string | null, onIgnored: (path: string) => void): Record<string, string> {
  if (tier === null) return {};
  const known = serviceTiers[tier];
  if (known === undefined) onIgnored('service_tier');
  return known === undefined ? {} : { service_tier: known };
}
