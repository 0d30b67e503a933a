import { TokenTally } from '../../core/billing/token-tally.ts';
import { textsOf } from '../../core/chat/texts.ts';
import type { ResponseVerbs } from '../../core/verbs.ts';
import { chatTypes } from '../chat.ts';
import { resolveModel } from '../resolve-model.ts';
import { contextOf, inContext, ownerOfPast, withReferences } from './context.ts';
import type { ResponseDependencies } from './dependencies.ts';

/** What models write around a message, and at the end of all. */
const tokensPerMessage = 4;
const tokensPerConversation = 3;

/** Text beyond three times that is estimated by a sample: a tokenizer takes a minute for what fits into a request. */
const countedWindow = 2_048;

/** Counts as one tokenizer does; models of other vendors count otherwise. Pictures and files are not counted. */
export function createCountInputTokens(deps: ResponseDependencies): ResponseVerbs['countInputTokens'] {
  return async (request, call) => {
    await resolveModel(deps, request.chat.model, chatTypes, call.principal);
    const ownerId = ownerOfPast(request, call);
    const input = await withReferences(deps, ownerId, request.input);
    const chat = inContext(request.chat, await contextOf(deps, ownerId, request), input);
    await deps.tokens.ready();
    const around = tokensPerConversation + chat.messages.length * tokensPerMessage;
    const tally = new TokenTally(countedWindow);
    for (const text of textsOf(chat)) tally.add(text);
    return { tokens: around + tally.estimate(deps.tokens.count) };
  };
}
