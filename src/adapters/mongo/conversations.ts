import { type Connection, Schema } from 'mongoose';
import type { Conversation, Item, ItemList, ItemPage } from '../../core/response.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { createRound } from './rounds.ts';
import { acrossOwners, tenancy } from './tenancy.ts';

interface ConversationRecord extends Omit<Conversation, 'id'> {
  /** `conv_…` */
  _id: string;
  /** Position of the next item. Positions rise; some may be missing. */
  nextPosition: number;
}

interface ItemRecord {
  ownerId: number;
  conversationId: string;
  itemId: string;
  position: number;
  /** JSON text: keys of callers' data are none of the store's business. */
  content: string;
}

const options = { versionKey: false, strict: false, minimize: false, id: false } as const;

const conversationSchema = new Schema<ConversationRecord>({ _id: String, ownerId: Number }, options);
conversationSchema.plugin(tenancy);
conversationSchema.index({ ownerId: 1, _id: 1 });

const itemSchema = new Schema<ItemRecord>({ ownerId: Number }, options);
itemSchema.plugin(tenancy);
itemSchema.index({ conversationId: 1, itemId: 1 }, { unique: true });
itemSchema.index({ ownerId: 1, conversationId: 1, position: 1 });
itemSchema.index({ ownerId: 1, itemId: 1 });

/** Conversations and their items, of one owner each. */
export function createConversationRepository(connection: Connection) {
  const Conversations = connection.model<ConversationRecord>('conversation', conversationSchema, 'conversations');
  const Items = connection.model<ItemRecord>('conversationItem', itemSchema, 'conversation_items');
  const round = createRound(Items, 'conversationId');

  return {
    async insert({ id, ...conversation }: Conversation): Promise<void> {
      await Conversations.insertOne({ ...conversation, _id: id, nextPosition: 0 });
    },

    async find(ownerId: number, id: string): Promise<Conversation | null> {
      const record = await Conversations.findOne({ ownerId, _id: id }).lean<ConversationRecord>();
      return record && toConversation(record);
    },

    async setMetadata(ownerId: number, id: string, metadata: Record<string, string>): Promise<Conversation | null> {
      const record = await Conversations.findOneAndUpdate(
        { ownerId, _id: id },
        { $set: { metadata } },
        { returnDocument: 'after' },
      ).lean<ConversationRecord>();
      return record && toConversation(record);
    },

    /** Items first: if this is cut short, the conversation is there to begin again from. False when there is none. */
    async remove(ownerId: number, id: string): Promise<boolean> {
      await Items.deleteMany({ ownerId, conversationId: id });
      const removed = await Conversations.deleteOne({ ownerId, _id: id });
      return removed.deletedCount === 1;
    },

    /** Deletes items that were added while their conversation was removed: a part of them. Answers of how many. */
    async sweepItems(): Promise<number> {
      const owners = await round();
      const ids = owners.map(({ id }) => id);
      const found = await Conversations.find({ _id: { $in: ids } }, { _id: 1 })
        .setOptions(acrossOwners('the sweep serves the conversations of everybody'))
        .lean<Pick<ConversationRecord, '_id'>[]>();
      const known = new Set(found.map(({ _id }) => _id));
      const gone = owners.filter(({ id }) => !known.has(id));
      for (const { ownerId, id } of gone) await Items.deleteMany({ ownerId, conversationId: id });
      return gone.length;
    },

    /** Adds items at the end. Those that are there already stay where they are. False without the conversation. */
    async append(ownerId: number, id: string, items: readonly Item[]): Promise<boolean> {
      const record = await Conversations.findOneAndUpdate(
        { ownerId, _id: id },
        { $inc: { nextPosition: items.length } },
        { returnDocument: 'before' },
      ).lean<ConversationRecord>();
      if (!record) return false;
      const rows = items.map((item, index) => ({
        ownerId,
        conversationId: id,
        itemId: item.id,
        position: record.nextPosition + index,
        content: JSON.stringify(item),
      }));
      await insertNew(rows);
      return true;
    },

    async items(ownerId: number, id: string): Promise<Item[]> {
      const rows = await Items.find({ ownerId, conversationId: id }).sort({ position: 1 }).lean<ItemRecord[]>();
      return rows.map(toItem);
    },

    /** Null when `after` is no item of the conversation. */
    async listItems(ownerId: number, id: string, { limit, order, after }: ItemPage): Promise<ItemList | null> {
      const last = after === null ? null : await itemRecord(ownerId, id, after);
      if (after !== null && !last) return null;
      const beyond = last && { position: order === 'asc' ? { $gt: last.position } : { $lt: last.position } };
      const rows = await Items.find({ ownerId, conversationId: id, ...beyond })
        .sort({ position: order === 'asc' ? 1 : -1 })
        .limit(limit + 1)
        .lean<ItemRecord[]>();
      return { items: rows.slice(0, limit).map(toItem), hasMore: rows.length > limit };
    },

    async findItem(ownerId: number, id: string, itemId: string): Promise<Item | null> {
      const record = await itemRecord(ownerId, id, itemId);
      return record && toItem(record);
    },

    /** In whichever of the owner's conversations it is. */
    async findItemAnywhere(ownerId: number, itemId: string): Promise<Item | null> {
      const record = await Items.findOne({ ownerId, itemId }).lean<ItemRecord>();
      return record && toItem(record);
    },

    async removeItem(ownerId: number, id: string, itemId: string): Promise<boolean> {
      const removed = await Items.deleteOne({ ownerId, conversationId: id, itemId });
      return removed.deletedCount === 1;
    },
  };

  async function itemRecord(ownerId: number, id: string, itemId: string): Promise<ItemRecord | null> {
    return Items.findOne({ ownerId, conversationId: id, itemId }).lean<ItemRecord>();
  }

  async function insertNew(rows: readonly ItemRecord[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      await Items.collection.insertMany([...rows], { ordered: false });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

export type ConversationRepository = ReturnType<typeof createConversationRepository>;

function toConversation({ _id, nextPosition: _nextPosition, ...conversation }: ConversationRecord): Conversation {
  return { id: _id, ...conversation };
}

function toItem({ content }: ItemRecord): Item {
  return JSON.parse(content) as Item;
}
