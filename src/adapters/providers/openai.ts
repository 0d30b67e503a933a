import type { WireDialect } from '../../core/chat.ts';
import { vendorAddresses } from '../../core/models/vendor-addresses.ts';
import type { Http } from '../http/client.ts';
import { addressOf, baseOf } from './address.ts';
import type { ChatTraits, OpenAiLike } from './openai-like/description.ts';
import { createOpenAiLikeVendor } from './openai-like/vendor.ts';
import { createWires, type Lesson, type Wires } from './openai-like/wires.ts';
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
  const wires = createWires(clock);
  return {
    name: 'openai',
    relays: ['openai-chat', 'openai-completions', 'openai-responses'],
    takes: (dialect, target) => takes(wires, dialect, target),
    chat: openAiChat,
    wires,
    embeds: true,
    rerankPaths: [],
    listsModels: true,
  };
}

function takes(wires: Wires, dialect: WireDialect, target: Target): boolean {
  if (dialect === 'openai-chat') return !isResponsesAlone(wires.of(target));
  if (dialect === 'openai-responses') return !isChatAlone(wires.of(target));
  return dialect !== 'openai-completions' || completes(target);
}

/** One unknown path is not enough: what Responses has no word for is passed on to a chat until it is sure. */
function isResponsesAlone(lesson: Lesson | null): boolean {
  return lesson?.wire === 'responses' && lesson.certainty === 'said';
}

/** That thoughts are not signed there does not say that there are no Responses. */
function isChatAlone(lesson: Lesson | null): boolean {
  return lesson?.wire === 'chat' && lesson.certainty !== 'unsigned';
}

const modelsThatComplete = /^(?:ft:)?(?:gpt-3\.5-turbo-instruct|davinci-002|babbage-002)/;

/** OpenAI itself has three such models left; of others that speak as it does, nothing is known. */
function completes(target: Target): boolean {
  return baseOf(addressOf('openai', target)) !== vendorAddresses.openai || modelsThatComplete.test(target.modelName);
}
