import type { WireDialect } from '../../core/chat.ts';
import { vendorAddresses } from '../../core/models/vendor-addresses.ts';
import type { Http } from '../http/client.ts';
import { addressOf, baseOf } from './address.ts';
import type { ChatTraits, OpenAiLike } from './openai-like/description.ts';
import { speaksResponsesAlone } from './openai-like/responses/alone.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import { createWires } from './openai-like/wires.ts';
import type { Target, Vendor } from './vendor.ts';

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

export interface OpenAiSettings {
  http: Http;
  clock: { now(): number };
}

export function createOpenAiVendor({ http, clock }: OpenAiSettings): Vendor {
  return createOpenAiLikeVendor(http, describeOpenAi(clock));
}

export function describeOpenAi(clock: OpenAiSettings['clock']): OpenAiLike {
  return {
    name: 'openai',
    relays: ['openai-chat', 'openai-completions', 'openai-responses'],
    takes,
    chat: openAiChat,
    wires: createWires(clock),
    embeds: true,
    rerankPaths: [],
    listsModels: true,
  };
}

function takes(dialect: WireDialect, target: Target): boolean {
  if (dialect === 'openai-chat') return !speaksResponsesAlone(target.modelName);
  return dialect !== 'openai-completions' || completes(target);
}

const modelsThatComplete = /^(?:ft:)?(?:gpt-3\.5-turbo-instruct|davinci-002|babbage-002)/;

/** OpenAI itself has three such models left; of others that speak as it does, nothing is known. */
function completes(target: Target): boolean {
  return baseOf(addressOf('openai', target)) !== vendorAddresses.openai || modelsThatComplete.test(target.modelName);
}
