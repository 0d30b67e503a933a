import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import type { StoredError } from '../../core/errors.ts';
import type { Delivery, DeliveryAttempt, DeliveryQuery, DeliveryRange, DeliveryState } from '../../core/webhook.ts';
import type { DeliveryRun } from '../../core/webhooks/delivery-run.ts';
import { leftOutOfReplays } from '../../core/webhooks/filter.ts';
import { acrossOwners, tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './time-paging.ts';

interface DeliveryRecord extends Omit<Delivery, 'id' | 'attempts'> {
  _id: string;
  attempts: DeliveryAttempt[];
  /** When the workflow of the current run was started; null until then. */
  dispatchedAt: number | null;
  expiresAt: Date;
}

const everybody = acrossOwners('dispatcher and reconciler serve the deliveries of everybody');
const withoutLog = { attempts: 0 } as const;

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
schema.index(
  { createdAt: 1 },
  { name: 'undispatched', partialFilterExpression: { status: 'pending', dispatchedAt: null } },
);
schema.index({ nextAttemptAt: 1 }, { name: 'due', partialFilterExpression: { status: 'pending' } });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** How far an attempt has brought a delivery. */
export type DeliveryOutcome = Pick<Delivery, 'status' | 'nextAttemptAt' | 'error' | 'completedAt'>;

/** Which of the deliveries that were given up; `until` is not included. */
interface FailedQuery extends Pick<DeliveryRange, 'since' | 'until'> {
  /** Ids of endpoints; null among them stands for the URLs of jobs. */
  receivers: readonly (string | null)[];
}

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

  /** Due at `now` in the hands of another workflow, and kept for as long from then as one that is new. */
  function anew(now: number, place: Partial<Delivery> = {}) {
    return {
      $set: { ...open, ...place, nextAttemptAt: now },
      $inc: { run: 1 },
      $max: { expiresAt: new Date(now + retentionMs) },
    };
  }

  return {
    find,

    /** Those that are there already stay as they are. Durable when it returns. */
    async insert(deliveries: readonly Delivery[], session?: ClientSession): Promise<void> {
      if (deliveries.length === 0) return;
      await Deliveries.bulkWrite(
        deliveries.map(({ id, ...delivery }) => ({
          updateOne: {
            filter: { ownerId: delivery.ownerId, _id: id },
            update: {
              $setOnInsert: {
                ...delivery,
                attempts: [...delivery.attempts],
                dispatchedAt: null,
                expiresAt: new Date(delivery.createdAt + retentionMs),
              },
            },
            upsert: true,
          },
        })),
        { ...(session && { session }) },
      );
    },

    /** Null when the run is over: somebody else ended the delivery, or sends it anew. */
    recordAttempt(
      run: DeliveryRun,
      attempt: DeliveryAttempt,
      outcome: DeliveryOutcome & Pick<Delivery, 'url'>,
    ): Promise<Delivery | null> {
      const log = { attempts: { $each: [attempt], $slice: -maxAttemptsKept } };
      return change(pending(run), { $push: log, $set: outcome, $inc: { step: 1, tries: 1 } });
    },

    /** Ends or puts off a run without an attempt; null when it is over. */
    settle(run: DeliveryRun, outcome: DeliveryOutcome): Promise<Delivery | null> {
      return change(pending(run), { $set: outcome });
    },

    /** Due once more from `now`, from the first step of the schedule; null when it is pending or not there. */
    reopen(ownerId: number, id: string, now: number): Promise<Delivery | null> {
      return change({ ownerId, _id: id, status: { $ne: 'pending' } }, anew(now, { step: 0 }));
    },

    /** Due at once, where it was in the schedule; null when the run is over. */
    hurry(run: DeliveryRun, now: number): Promise<Delivery | null> {
      return change(pending(run), anew(now));
    },

    /**
     * Goes on where it was, with another workflow: that of this run is lost. Null when the run is over. Due from `now`,
     * so that one whose workflows end without a word is not overdue again at once.
     */
    rerun(run: DeliveryRun, now: number): Promise<Delivery | null> {
      return change(pending(run), anew(now));
    },

    /** Whether the receiver is still to be tried with something that happened to the job before. */
    async hasUntriedBefore({ ownerId, jobId, endpointId, sequence }: Delivery): Promise<boolean> {
      if (sequence === null) return false;
      const untried = { status: 'pending', run: 0, step: 0, sequence: { $lt: sequence } } as const;
      return (await Deliveries.exists({ ownerId, jobId, endpointId, ...untried })) !== null;
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

    /** Those of a time to these receivers that were given up and may be wanted, the oldest first, behind `after`. */
    async failedIn(
      ownerId: number,
      { receivers, since, until }: FailedQuery,
      after: DeliveryState | null,
      limit: number,
    ): Promise<DeliveryState[]> {
      const wanted = {
        ownerId,
        status: 'failed' as const,
        eventType: { $nin: [...leftOutOfReplays] },
        endpointId: { $in: [...receivers] },
        createdAt: { $gte: since, $lt: until },
      };
      const records = await Deliveries.find({ ...wanted, $and: [cursorOf(after, 'asc')] }, stateFields)
        .sort(sortOf('asc'))
        .limit(limit)
        .lean<StateRecord[]>();
      return records.map(toState);
    },

    /** How far those of these are that are there. */
    async statesOf(ownerId: number, ids: readonly string[]): Promise<DeliveryState[]> {
      const records = await Deliveries.find({ ownerId, _id: { $in: [...ids] } }, stateFields).lean<StateRecord[]>();
      return records.map(toState);
    },

    /** Everybody's that no workflow was started for, made before `before`: by id after `cursor`, without attempts. */
    async undispatched(before: number, cursor: string | null, limit: number): Promise<Delivery[]> {
      const waiting = {
        status: 'pending',
        dispatchedAt: null,
        createdAt: { $lte: before },
        ...beyond(cursor),
      } as const;
      const records = await Deliveries.find(waiting, withoutLog)
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<DeliveryRecord[]>();
      return records.map(toDelivery);
    },

    /** A delivery that was sent anew meanwhile stays unmarked. */
    async markDispatched(runs: readonly DeliveryRun[], now: number): Promise<void> {
      if (runs.length === 0) return;
      const marked = { $set: { dispatchedAt: now } };
      await Deliveries.bulkWrite(runs.map((run) => ({ updateOne: { filter: pending(run), update: marked } })));
    },

    /** Everybody's that were due before `before` and are still pending: by id after `cursor`, without attempts. */
    async overdue(before: number, cursor: string | null, limit: number): Promise<Delivery[]> {
      const late = { status: 'pending', dispatchedAt: { $ne: null }, nextAttemptAt: { $lte: before } } as const;
      const records = await Deliveries.find({ ...late, ...beyond(cursor) }, withoutLog)
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<DeliveryRecord[]>();
      return records.map(toDelivery);
    },

    /** Ends what is under way to an endpoint that is gone. */
    async abandon(ownerId: number, endpointId: string, error: StoredError, now: number): Promise<void> {
      const ended = { status: 'failed', nextAttemptAt: null, error, completedAt: now };
      await Deliveries.updateMany({ ownerId, endpointId, status: 'pending' }, { $set: ended });
    },
  };
}

export type WebhookDeliveryRepository = ReturnType<typeof createWebhookDeliveryRepository>;

const stateFields = { ownerId: 1, run: 1, status: 1, nextAttemptAt: 1, createdAt: 1 } as const;
type StateRecord = Omit<DeliveryState, 'id'> & { _id: string };

function toState({ _id, ...state }: StateRecord): DeliveryState {
  return { id: _id, ...state };
}

/** Pending, and not yet in the hands of a workflow. */
const open = { status: 'pending', dispatchedAt: null, completedAt: null, error: null } as const;

function pending({ ownerId, deliveryId, run }: DeliveryRun) {
  return { ownerId, _id: deliveryId, run, status: 'pending' } as const;
}

function beyond(cursor: string | null) {
  return cursor === null ? {} : { _id: { $gt: cursor } };
}

function toDelivery({ _id, expiresAt: _expiresAt, dispatchedAt: _at, ...delivery }: DeliveryRecord): Delivery {
  return { id: _id, ...delivery, attempts: delivery.attempts ?? [] };
}
