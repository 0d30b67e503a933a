import type { StoredChatRepository } from '../adapters/mongo/stored-chats.ts';
import { ownerOrNobody } from '../core/access.ts';
import type { StoredChat } from '../core/chat/stored-chat.ts';
import { assertThat, GatewayError } from '../core/errors.ts';
import type { StoredChatVerbs } from '../core/verbs.ts';

/** The caller's own conversations; the master key has none. */
export function createStoredChatVerbs(deps: { storedChats: StoredChatRepository }): StoredChatVerbs {
  return {
    async listStoredChats(query, { principal }) {
      const found = await deps.storedChats.list(ownerOrNobody(principal), query);
      assertThat(found, 'not_found', 'There is no such stored completion to go on from.', { param: 'after' });
      return { chats: found.slice(0, query.limit), hasMore: found.length > query.limit };
    },

    async getStoredChat({ id }, { principal }) {
      return unlessMissing(await deps.storedChats.find(ownerOrNobody(principal), id));
    },

    async relabelStoredChat({ id, metadata }, { principal }) {
      return unlessMissing(await deps.storedChats.relabel(ownerOrNobody(principal), id, metadata));
    },

    async deleteStoredChat({ id }, { principal }) {
      if (!(await deps.storedChats.remove(ownerOrNobody(principal), id))) throw missing();
    },
  };
}

function unlessMissing(chat: StoredChat | null): StoredChat {
  if (!chat) throw missing();
  return chat;
}

function missing(): GatewayError {
  return new GatewayError('not_found', 'Stored completion not found.');
}
