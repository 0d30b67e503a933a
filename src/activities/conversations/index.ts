import { randomBytes } from 'node:crypto';
import type { ConversationRepository } from '../../adapters/mongo/conversations.ts';
import { ownerOf } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { Conversation, Item, NewItem } from '../../core/response.ts';
import type { ConversationVerbs } from '../../core/verbs.ts';
import { keptItems } from '../../protocols/openai/responses/items.ts';
import { assertStorable } from './assert-storable.ts';

interface ConversationDependencies {
  conversations: ConversationRepository;
  clock: { now(): number };
}

/** Conversations that are kept for responses to go on with. */
export function createConversationVerbs(deps: ConversationDependencies): ConversationVerbs {
  const { conversations } = deps;

  async function find(id: string, call: Call): Promise<Conversation> {
    return (await conversations.find(owner(call), id)) ?? missing(id);
  }

  async function add(id: string, items: readonly NewItem[], call: Call): Promise<Item[]> {
    const kept = keptItems(items, randomBytes(16).toString('hex'));
    assertStorable(kept, 'items');
    const isThere = await conversations.append(owner(call), id, kept);
    return isThere ? kept : missing(id);
  }

  return {
    async createConversation({ items, metadata }, call) {
      const id = `conv_${randomBytes(24).toString('hex')}`;
      const conversation = { id, ownerId: owner(call), createdAt: deps.clock.now(), metadata };
      await conversations.insert(conversation);
      if (items.length > 0) await add(id, items, call);
      return conversation;
    },

    getConversation: ({ id }, call) => find(id, call),

    async updateConversation({ id, metadata }, call) {
      return (await conversations.setMetadata(owner(call), id, metadata)) ?? missing(id);
    },

    async deleteConversation({ id }, call) {
      if (!(await conversations.remove(owner(call), id))) missing(id);
    },

    addConversationItems: ({ id, items }, call) => add(id, items, call),

    async listConversationItems({ id, ...page }, call) {
      await find(id, call);
      const list = await conversations.listItems(owner(call), id, page);
      assertThat(list, 'invalid_request', `There is no item '${page.after}' here.`, { param: 'after' });
      return list;
    },

    async getConversationItem({ id, itemId }, call) {
      const item = await conversations.findItem(owner(call), id, itemId);
      return item ?? missingItem(itemId);
    },

    async deleteConversationItem({ id, itemId }, call) {
      if (!(await conversations.removeItem(owner(call), id, itemId))) missingItem(itemId);
      return find(id, call);
    },
  };
}

function owner({ principal }: Call): number {
  return ownerOf(principal, 'conversations');
}

function missing(id: string): never {
  throw new GatewayError('not_found', `Conversation ${id} not found.`);
}

function missingItem(id: string): never {
  throw new GatewayError('not_found', `Item ${id} not found.`);
}
