import type { Http } from '../http/client.ts';
import type { ChatTraits, OpenAiLike } from './openai-like/description.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';

export const vllmChat: ChatTraits = {
  name: 'vLLM',
  renamed: { max_completion_tokens: 'max_tokens', safety_identifier: 'user' },
  ignored: ['verbosity', 'service_tier', 'prompt_cache_key'],
  refused: [],
  mustCall: 'required',
  newerTools: false,
  usageOnRequest: true,
  replaysReasoning: true,
};

export const vllm: OpenAiLike = {
  name: 'vllm',
  relays: ['openai-chat', 'openai-completions'],
  chat: vllmChat,
  embeds: true,
  rerankPaths: ['v2/rerank', 'rerank'],
  listsModels: true,
};

export function createVllmVendor({ http }: { http: Http }): Vendor {
  return createOpenAiLikeVendor(http, vllm);
}
