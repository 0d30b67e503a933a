import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { WebhookEvent } from '../../core/webhook.ts';
import { tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './time-paging.ts';

interface EventRecord extends Omit<WebhookEvent, 'id' | 'data'> {
  _id: string;
  /** JSON text: keys of callers' metadata are none of the store's business. */
  data: string;
  expiresAt: Date;
}

const schema = new Schema<EventRecord>(
  { _id: String, ownerId: Number, expiresAt: Date },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, createdAt: 1, _id: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** What was told, word for word, for as long as it may be told again. */
export function createWebhookEventRepository(connection: Connection, { retentionMs }: { retentionMs: number }) {
  const Events = connection.model<EventRecord>('webhookEvent', schema, 'webhook_events');

  return {
    /** The first word stands: an event that is there already stays as it is. */
    async insert(events: readonly WebhookEvent[], session?: ClientSession): Promise<void> {
      if (events.length === 0) return;
      await Events.bulkWrite(
        events.map(({ id, data, ...event }) => ({
          updateOne: {
            filter: { ownerId: event.ownerId, _id: id },
            update: {
              $setOnInsert: {
                ...event,
                data: JSON.stringify(data),
                expiresAt: new Date(event.createdAt + retentionMs),
              },
            },
            upsert: true,
          },
        })),
        { ...(session && { session }) },
      );
    },

    /** Kept for as long from `now` as those that are new: they are sent anew. */
    async keep(ownerId: number, ids: readonly string[], now: number): Promise<void> {
      if (ids.length === 0) return;
      const expiresAt = new Date(now + retentionMs);
      await Events.updateMany({ ownerId, _id: { $in: ids } }, { $max: { expiresAt } });
    },

    async find(ownerId: number, id: string): Promise<WebhookEvent | null> {
      const record = await Events.findOne({ ownerId, _id: id }).lean<EventRecord>();
      return record && toEvent(record);
    },

    /** Those since a time, the oldest first, behind `after`. */
    async since(
      ownerId: number,
      since: number,
      after: Pick<WebhookEvent, 'id' | 'createdAt'> | null,
      limit: number,
    ): Promise<WebhookEvent[]> {
      const records = await Events.find({ ownerId, createdAt: { $gte: since }, $and: [cursorOf(after, 'asc')] })
        .sort(sortOf('asc'))
        .limit(limit)
        .lean<EventRecord[]>();
      return records.map(toEvent);
    },
  };
}

export type WebhookEventRepository = ReturnType<typeof createWebhookEventRepository>;

function toEvent({ _id, data, expiresAt: _expiresAt, ...event }: EventRecord): WebhookEvent {
  return { id: _id, data: JSON.parse(data) as WebhookEvent['data'], ...event };
}
