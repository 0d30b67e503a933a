import { type Connection, type QueryFilter, Schema } from 'mongoose';
import type { Delivery, DeliveryAttempt, DeliveryQuery, DeliveryRange } from '../../core/webhook.ts';
import { acrossOwners, tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './webhook-paging.ts';

interface DeliveryRecord extends Omit<Delivery, 'id' | 'attempts'> {
  _id: string;
  attempts: DeliveryAttempt[];
  expiresAt: Date;
}

/** The schedule has ten; a caller may ask for more, and the first ones are then forgotten. */
const maxAttemptsKept = 50;

const schema = new Schema<DeliveryRecord>(
  { _id: String, ownerId: Number, expiresAt: Date },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, createdAt: 1, _id: 1 });
schema.index({ ownerId: 1, endpointId: 1, createdAt: 1, _id: 1 });
schema.index({ ownerId: 1, jobId: 1, createdAt: 1 });
schema.index({ nextAttemptAt: 1 }, { name: 'due', partialFilterExpression: { status: 'pending' } });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** How far an attempt has brought a delivery. */
export type DeliveryOutcome = Pick<Delivery, 'status' | 'nextAttemptAt' | 'completedAt'>;

/** The log of what was sent where, and what came of it. Deleted by the database when its time is over. */
export function createWebhookDeliveryRepository(connection: Connection, { retentionMs }: { retentionMs: number }) {
  const Deliveries = connection.model<DeliveryRecord>('webhookDelivery', schema, 'webhook_deliveries');

  async function find(ownerId: number, id: string): Promise<Delivery | null> {
    const record = await Deliveries.findOne({ ownerId, _id: id }).lean<DeliveryRecord>();
    return record && toDelivery(record);
  }

  async function change(filter: QueryFilter<DeliveryRecord>, update: object): Promise<Delivery | null> {
    const record = await Deliveries.findOneAndUpdate(filter, update, {
      returnDocument: 'after',
    }).lean<DeliveryRecord>();
    return record && toDelivery(record);
  }

  return {
    find,

    /** Those that are there already stay as they are. Durable when it returns. */
    async insert(deliveries: readonly Delivery[]): Promise<void> {
      if (deliveries.length === 0) return;
      await Deliveries.bulkWrite(
        deliveries.map(({ id, ...delivery }) => ({
          updateOne: {
            filter: { ownerId: delivery.ownerId, _id: id },
            update: {
              $setOnInsert: {
                ...delivery,
                attempts: [...delivery.attempts],
                expiresAt: new Date(delivery.createdAt + retentionMs),
              },
            },
            upsert: true,
          },
        })),
      );
    },

    /** Null when the delivery is not there (any more). */
    recordAttempt(
      ownerId: number,
      id: string,
      attempt: DeliveryAttempt,
      outcome: DeliveryOutcome,
    ): Promise<Delivery | null> {
      const log = { attempts: { $each: [attempt], $slice: -maxAttemptsKept } };
      return change({ ownerId, _id: id }, { $push: log, $set: outcome });
    },

    /** Ends or puts off what is pending without an attempt; null when it is not. */
    settle(ownerId: number, id: string, outcome: DeliveryOutcome): Promise<Delivery | null> {
      return change({ ownerId, _id: id, status: 'pending' }, { $set: outcome });
    },

    /** Due once more from `now`, from the first step of the schedule; null when it is pending or not there. */
    reopen(ownerId: number, id: string, now: number): Promise<Delivery | null> {
      return change(
        { ownerId, _id: id, status: { $ne: 'pending' } },
        { $set: { status: 'pending', nextAttemptAt: now, completedAt: null } },
      );
    },

    /** One more than asked for, if there are. Null when there is no delivery to go on from. */
    async list(ownerId: number, { after, order, limit, ...query }: DeliveryQuery): Promise<Delivery[] | null> {
      const last = after === null ? null : await find(ownerId, after);
      if (after !== null && last === null) return null;
      const wanted = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
      const records = await Deliveries.find({ ownerId, ...wanted, ...cursorOf(last, order) })
        .sort(sortOf(order))
        .limit(limit + 1)
        .lean<DeliveryRecord[]>();
      return records.map(toDelivery);
    },

    /** Those of a time that were given up, the oldest first. */
    async failedIn(ownerId: number, { endpointId, since, until }: DeliveryRange, limit: number): Promise<Delivery[]> {
      const created = { createdAt: { $gte: since, $lt: until } };
      const records = await Deliveries.find({
        ownerId,
        status: 'failed',
        ...(endpointId !== null && { endpointId }),
        ...created,
      })
        .sort(sortOf('asc'))
        .limit(limit)
        .lean<DeliveryRecord[]>();
      return records.map(toDelivery);
    },

    /** Which of these have arrived. */
    async succeededOf(ownerId: number, ids: readonly string[]): Promise<Set<string>> {
      const found = await Deliveries.distinct('_id', { ownerId, _id: { $in: [...ids] }, status: 'succeeded' });
      return new Set(found);
    },

    /** Everybody's that were due before `before` and are still pending, the longest due first. */
    async overdue(before: number, limit: number): Promise<Delivery[]> {
      const records = await Deliveries.find({ status: 'pending', nextAttemptAt: { $lte: before } })
        .setOptions(acrossOwners('the sweep starts what everybody is owed'))
        .sort({ nextAttemptAt: 1 })
        .limit(limit)
        .lean<DeliveryRecord[]>();
      return records.map(toDelivery);
    },

    /** Ends what is under way to an endpoint that is gone. */
    async abandon(ownerId: number, endpointId: string, now: number): Promise<void> {
      const ended = { status: 'failed', nextAttemptAt: null, completedAt: now };
      await Deliveries.updateMany({ ownerId, endpointId, status: 'pending' }, { $set: ended });
    },
  };
}

export type WebhookDeliveryRepository = ReturnType<typeof createWebhookDeliveryRepository>;

function toDelivery({ _id, expiresAt: _expiresAt, ...delivery }: DeliveryRecord): Delivery {
  return { id: _id, ...delivery };
}
