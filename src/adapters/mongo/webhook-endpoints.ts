import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import type {
  DisabledReason,
  SealedSecret,
  WebhookEndpoint,
  WebhookEndpointChanges,
  WebhookPage,
} from '../../core/webhook.ts';
import { tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './webhook-paging.ts';

interface EndpointRecord extends Omit<WebhookEndpoint, 'id'> {
  _id: string;
  /** The current one first. */
  secrets: SealedSecret[];
}

const schema = new Schema<EndpointRecord>(
  { _id: String, ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, createdAt: 1, _id: 1 });

/** What nobody but the signer gets to see. */
const withoutSecrets = { secrets: 0 } as const;

/** Receivers of an owner's events. Their secrets come in and go out sealed. */
export function createWebhookEndpointRepository(connection: Connection) {
  const Endpoints = connection.model<EndpointRecord>('webhookEndpoint', schema, 'webhook_endpoints');

  async function change(
    filter: QueryFilter<EndpointRecord>,
    update: object,
    session?: ClientSession,
  ): Promise<WebhookEndpoint | null> {
    const record = await Endpoints.findOneAndUpdate(filter, update, {
      ...(session && { session }),
      returnDocument: 'after',
      projection: withoutSecrets,
      updatePipeline: Array.isArray(update),
    }).lean<EndpointRecord>();
    return record && toEndpoint(record);
  }

  async function find(ownerId: number, id: string): Promise<WebhookEndpoint | null> {
    const record = await Endpoints.findOne({ ownerId, _id: id }, withoutSecrets).lean<EndpointRecord>();
    return record && toEndpoint(record);
  }

  return {
    find,

    async insert({ id, ...endpoint }: WebhookEndpoint, secret: SealedSecret): Promise<void> {
      await Endpoints.insertOne({ _id: id, ...endpoint, secrets: [secret] });
    },

    count(ownerId: number): Promise<number> {
      return Endpoints.countDocuments({ ownerId });
    },

    /** One more than asked for, if there are. Null when there is no endpoint to go on from. */
    async list(ownerId: number, page: WebhookPage): Promise<WebhookEndpoint[] | null> {
      const after = page.after === null ? null : await find(ownerId, page.after);
      if (page.after !== null && after === null) return null;
      const records = await Endpoints.find({ ownerId, ...cursorOf(after, page.order) }, withoutSecrets)
        .sort(sortOf(page.order))
        .limit(page.limit + 1)
        .lean<EndpointRecord[]>();
      return records.map(toEndpoint);
    },

    /** All of the owner's, also those that are disabled: they may ask for what they missed. */
    async of(ownerId: number, session?: ClientSession): Promise<WebhookEndpoint[]> {
      // Past mongoose: every move of every job asks, and nearly always the answer is none.
      const stored = connection.collection<EndpointRecord>('webhook_endpoints');
      const found = stored.find({ ownerId }, { projection: withoutSecrets, ...(session && { session }) });
      return (await found.toArray()).map((record) => toEndpoint(record as EndpointRecord));
    },

    update(
      ownerId: number,
      id: string,
      changes: Omit<WebhookEndpointChanges, 'status'>,
      now: number,
    ): Promise<WebhookEndpoint | null> {
      return change({ ownerId, _id: id }, { $set: { ...changes, updatedAt: now } });
    },

    /** Enabled, with earlier failures forgotten. */
    enable(ownerId: number, id: string, now: number): Promise<WebhookEndpoint | null> {
      const fresh = { status: 'enabled', disabledReason: null, failingSince: null, consecutiveFailures: 0 };
      return change({ ownerId, _id: id, status: 'disabled' }, { $set: { ...fresh, updatedAt: now } });
    },

    /** Null when it was disabled already, or is not there: whoever gets the endpoint was the one who did it. */
    disable(
      ownerId: number,
      id: string,
      reason: DisabledReason,
      now: number,
      session?: ClientSession,
    ): Promise<WebhookEndpoint | null> {
      return change(
        { ownerId, _id: id, status: 'enabled' },
        { $set: { status: 'disabled', disabledReason: reason, updatedAt: now } },
        session,
      );
    },

    async recordSuccess(ownerId: number, id: string): Promise<void> {
      const failing = { ownerId, _id: id, consecutiveFailures: { $gt: 0 } };
      await Endpoints.updateOne(failing, { $set: { failingSince: null, consecutiveFailures: 0 } });
    },

    /** The endpoint with the failure counted in; null when it is not there. */
    recordFailure(ownerId: number, id: string, now: number): Promise<WebhookEndpoint | null> {
      const counted = {
        consecutiveFailures: { $add: ['$consecutiveFailures', 1] },
        failingSince: { $ifNull: ['$failingSince', now] },
      };
      return change({ ownerId, _id: id }, [{ $set: counted }]);
    },

    /** False when there was none. */
    async remove(ownerId: number, id: string): Promise<boolean> {
      const removed = await Endpoints.deleteOne({ ownerId, _id: id });
      return removed.deletedCount === 1;
    },

    /** All of them, the current one first. Null when there is no such endpoint. */
    async secretsOf(ownerId: number, id: string): Promise<SealedSecret[] | null> {
      const record = await Endpoints.findOne({ ownerId, _id: id }, { secrets: 1 }).lean<EndpointRecord>();
      return record?.secrets ?? null;
    },

    /** False when somebody else has changed them since `known` were read. */
    async replaceSecrets(
      ownerId: number,
      id: string,
      known: readonly SealedSecret[],
      secrets: readonly SealedSecret[],
      now: number,
    ): Promise<boolean> {
      const replaced = await Endpoints.updateOne(
        { ownerId, _id: id, 'secrets.0.sealed': known[0]?.sealed },
        { $set: { secrets, updatedAt: now } },
      );
      return replaced.modifiedCount === 1;
    },
  };
}

export type WebhookEndpointRepository = ReturnType<typeof createWebhookEndpointRepository>;

function toEndpoint({ _id, ...endpoint }: EndpointRecord): WebhookEndpoint {
  return { id: _id, ...endpoint };
}
