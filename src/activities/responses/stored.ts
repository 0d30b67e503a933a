import { ownerOf } from '../../core/access.ts';
import { GatewayError } from '../../core/errors.ts';
import { pageOf } from '../../core/response.ts';
import type { ResponseVerbs } from '../../core/verbs.ts';
import { createBackground } from './background.ts';
import type { ResponseDependencies } from './dependencies.ts';

type StoredVerbs = Omit<ResponseVerbs, 'respond'>;

/** What can be done with an answer that is kept, or that is being made in the background. */
export function createStoredResponseVerbs(deps: ResponseDependencies): StoredVerbs {
  const { storage } = deps;
  const background = createBackground(deps);
  return {
    async getResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const stored = await storage.find(ownerId, id);
      if (stored) return { response: stored.response, output: stored.output, isOpen: false };
      return (await background.get(ownerId, id)) ?? missing(id);
    },

    async *followResponse({ id }, call) {
      yield* background.follow(ownerOf(call.principal, 'responses'), id, call);
    },

    async cancelResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const stored = await storage.find(ownerId, id);
      if (stored && stored.response['background'] !== true) {
        throw new GatewayError('unsupported_operation', 'Only a response in the background can be cancelled.');
      }
      if (stored) return { response: stored.response, output: stored.output, isOpen: false };
      return (await background.cancel(ownerId, id, call)) ?? missing(id);
    },

    async deleteResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const hadJob = await background.remove(ownerId, id, call);
      const wasStored = await storage.remove(ownerId, id);
      if (!hadJob && !wasStored) missing(id);
    },

    async listInputItems({ id, ...page }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const stored = await storage.find(ownerId, id);
      const items = stored?.input ?? (await background.inputItems(ownerId, id)) ?? missing(id);
      return pageOf(items, page);
    },
  };
}

function missing(id: string): never {
  throw new GatewayError('not_found', `Response ${id} not found.`);
}
