import { type Connection, type QueryFilter, Schema } from 'mongoose';
import type { StoredChat, StoredChatQuery } from '../../core/chat/stored-chat.ts';
import { tenancy } from './tenancy.ts';

interface StoredChatRecord {
  ownerId: number;
  id: string;
  model: string;
  labels: Label[];
  /** `messages` and `answer` as JSON text: they are only ever read as a whole, and their keys are their callers'. */
  content: string;
  createdAt: number;
  expiresAt: Date;
}

interface Label {
  key: string;
  value: string;
}

const schema = new Schema<StoredChatRecord>(
  {
    ownerId: Number,
    id: String,
    model: String,
    labels: [{ key: String, value: String, _id: false }],
    content: String,
    createdAt: Number,
    expiresAt: Date,
  },
  { versionKey: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, id: 1 }, { unique: true });
schema.index({ ownerId: 1, createdAt: 1, id: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Conversations with their answers. One whose time is over is not there, even before the database has deleted it. */
export function createStoredChatRepository(connection: Connection, clock: { now(): number }) {
  const Chats = connection.model<StoredChatRecord>('storedChat', schema, 'stored_chats');
  const live = () => ({ expiresAt: { $gt: new Date(clock.now()) } });

  async function find(ownerId: number, id: string): Promise<StoredChat | null> {
    const record = await Chats.findOne({ ownerId, id, ...live() }).lean<StoredChatRecord>();
    return record && toStoredChat(record);
  }

  return {
    find,

    /** In place of an earlier one of the same id: a step that is repeated, or a request's id that was chosen twice. */
    async put(chat: StoredChat): Promise<void> {
      const record = toRecord(chat);
      await Chats.replaceOne({ ownerId: chat.ownerId, id: chat.id }, record, { upsert: true });
    },

    /** One more than asked for, if there are. Null when there is no chat to go on from. */
    async list(ownerId: number, query: StoredChatQuery): Promise<StoredChat[] | null> {
      const after = query.after === null ? null : await find(ownerId, query.after);
      if (query.after !== null && after === null) return null;
      const direction = query.order === 'asc' ? 1 : -1;
      const filter: QueryFilter<StoredChatRecord> = {
        ownerId,
        ...live(),
        ...matching(query),
        ...following(after, query),
      };
      const records = await Chats.find(filter)
        .sort({ createdAt: direction, id: direction })
        .limit(query.limit + 1)
        .lean<StoredChatRecord[]>();
      return records.map(toStoredChat);
    },

    async relabel(ownerId: number, id: string, metadata: Record<string, string>): Promise<StoredChat | null> {
      const record = await Chats.findOneAndUpdate(
        { ownerId, id, ...live() },
        { $set: { labels: toLabels(metadata) } },
        { returnDocument: 'after' },
      ).lean<StoredChatRecord>();
      return record && toStoredChat(record);
    },

    /** False when there was none. */
    async remove(ownerId: number, id: string): Promise<boolean> {
      const removed = await Chats.deleteOne({ ownerId, id, ...live() });
      return removed.deletedCount === 1;
    },
  };
}

export type StoredChatRepository = ReturnType<typeof createStoredChatRepository>;

function matching({ model, metadata }: StoredChatQuery): QueryFilter<StoredChatRecord> {
  const labels = toLabels(metadata);
  return {
    ...(model !== null && { model }),
    ...(labels.length > 0 && { labels: { $all: labels.map((label) => ({ $elemMatch: label })) } }),
  };
}

function following(after: StoredChat | null, { order }: StoredChatQuery): QueryFilter<StoredChatRecord> {
  if (!after) return {};
  const beyond = order === 'asc' ? '$gt' : '$lt';
  const { createdAt, id } = after;
  return { $or: [{ createdAt: { [beyond]: createdAt } }, { createdAt, id: { [beyond]: id } }] };
}

function toLabels(metadata: Record<string, string>): Label[] {
  return Object.entries(metadata).map(([key, value]) => ({ key, value }));
}

function toRecord({ messages, answer, metadata, expiresAt, ...fields }: StoredChat): StoredChatRecord {
  return {
    ...fields,
    labels: toLabels(metadata),
    content: JSON.stringify({ messages, answer }),
    expiresAt: new Date(expiresAt),
  };
}

function toStoredChat({ ownerId, id, model, labels, content, createdAt, expiresAt }: StoredChatRecord): StoredChat {
  const { messages, answer } = JSON.parse(content) as Pick<StoredChat, 'messages' | 'answer'>;
  const metadata = Object.fromEntries(labels.map(({ key, value }) => [key, value]));
  return { id, ownerId, createdAt, expiresAt: expiresAt.getTime(), model, metadata, messages, answer };
}
