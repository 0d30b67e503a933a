import type { Http } from '../http/client.ts';
import type { ChatTraits, OpenAiLike } from './openai-like/description.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import type { Vendor } from './vendor.ts';

export const openAiChat: ChatTraits = {
  name: 'OpenAI',
  renamed: {},
  ignored: ['top_k'],
  refused: [],
  mustCall: 'required',
  newerTools: true,
  usageOnRequest: true,
  replaysReasoning: false,
};

export const openAi: OpenAiLike = {
  name: 'openai',
  relays: ['openai-chat', 'openai-completions', 'openai-responses'],
  chat: openAiChat,
  embeds: true,
  rerankPaths: [],
  listsModels: true,
};

export function createOpenAiVendor({ http }: { http: Http }): Vendor {
  return createOpenAiLikeVendor(http, openAi);
}
