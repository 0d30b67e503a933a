import { createHash } from 'node:crypto';
import type { Http } from '../http/client.ts';
import type { ChatTraits } from './openai-like/description.ts';
import type { WireMessage, WirePart } from './openai-like/messages.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';

export const mistralChat: ChatTraits = {
  name: 'Mistral',
  renamed: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  ignored: ['top_k', 'reasoning_effort', 'verbosity', 'service_tier', 'prompt_cache_key', 'user', 'safety_identifier'],
  refused: ['logit_bias', 'logprobs', 'top_logprobs'],
  mustCall: 'any',
  newerTools: false,
  usageOnRequest: false,
  replaysReasoning: false,
  adaptMessage,
};

/** Mistral refuses every field that it does not know, so requests are translated and never relayed. */
export function createMistralVendor({ http }: { http: Http }): Vendor {
  return createOpenAiLikeVendor(http, {
    name: 'mistral',
    relays: [],
    chat: mistralChat,
    embeds: false,
    rerankPaths: [],
    listsModels: true,
  });
}

function adaptMessage(message: WireMessage, onIgnored: (path: string) => void): WireMessage {
  const { name, refusal, content, tool_calls: calls, tool_call_id: callId, ...rest } = message;
  if (name !== undefined) onIgnored('messages[].name');
  return {
    ...rest,
    content: typeof content === 'string' || content === null ? (content ?? refusal ?? '') : content.map(toMistralPart),
    ...(calls && { tool_calls: calls.map((call) => ({ ...call, id: toMistralId(call.id) })) }),
    ...(callId !== undefined && { tool_call_id: toMistralId(callId) }),
  };
}

function toMistralPart(part: WirePart): WirePart {
  switch (part.type) {
    case 'input_audio':
      return { ...part, input_audio: typeof part.input_audio === 'string' ? part.input_audio : part.input_audio.data };
    case 'file': {
      const { filename, file_data } = part.file;
      return { type: 'document_url', document_url: file_data, ...(filename && { document_name: filename }) };
    }
    default:
      return part;
  }
}

/** Nine letters and digits, the same for the same id; a conversation may have begun with another vendor. */
function toMistralId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, 9);
}
