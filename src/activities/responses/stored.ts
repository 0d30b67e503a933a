import { ownerOf } from '../../core/access.ts';
import { GatewayError } from '../../core/errors.ts';
import { pageOf, type ResponseView } from '../../core/response.ts';
import type { ResponseVerbs } from '../../core/verbs.ts';
import { createBackground } from './background.ts';
import type { ResponseDependencies } from './dependencies.ts';

type StoredVerbs = Omit<ResponseVerbs, 'respond' | 'countInputTokens'>;

/** What can be done with an answer that is kept, or that is being made in the background. */
export function createStoredResponseVerbs(deps: ResponseDependencies): StoredVerbs {
  const { storage } = deps;
  const background = createBackground(deps);

  async function stored(ownerId: number, id: string): Promise<ResponseView | null> {
    const found = await storage.find(ownerId, id);
    return found && { response: found.response, output: found.output, isOpen: false };
  }

  /** What is told of a job that has completed is what it stored: perhaps just now, perhaps not any more. */
  async function unlessCompleted(view: ResponseView | null, ownerId: number, id: string): Promise<ResponseView> {
    const found = view?.response['status'] === 'completed' ? await stored(ownerId, id) : view;
    return found ?? missing(id);
  }

  const getResponse: ResponseVerbs['getResponse'] = async ({ id }, call) => {
    const ownerId = ownerOf(call.principal, 'responses');
    return (await stored(ownerId, id)) ?? unlessCompleted(await background.get(ownerId, id), ownerId, id);
  };

  return {
    getResponse,

    async *followResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const events = await background.follow(ownerId, id, call);
      if (events) return yield* events;
      await getResponse({ id }, call);
      throw new GatewayError(
        'unsupported_operation',
        `Response ${id} has no events to read again: only those made as a job with stream have.`,
        { param: 'stream' },
      );
    },

    async cancelResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const ended = await stored(ownerId, id);
      if (ended?.response['background'] === false) {
        throw new GatewayError('unsupported_operation', 'Only a response in the background can be cancelled.');
      }
      return ended ?? unlessCompleted(await background.cancel(ownerId, id, call), ownerId, id);
    },

    async deleteResponse({ id }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const hadJob = await background.remove(ownerId, id, call);
      const wasStored = await storage.remove(ownerId, id);
      if (!hadJob && !wasStored) missing(id);
    },

    async listInputItems({ id, ...page }, call) {
      const ownerId = ownerOf(call.principal, 'responses');
      const kept = await storage.find(ownerId, id);
      const items = kept?.input ?? (await background.inputItems(ownerId, id)) ?? missing(id);
      return pageOf(items, page);
    },
  };
}

function missing(id: string): never {
  throw new GatewayError('not_found', `Response ${id} not found.`);
}
