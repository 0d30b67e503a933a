import { type ClientSession, type Connection, type QueryFilter, Schema } from 'mongoose';
import type {
  DisabledReason,
  SealedSecret,
  WebhookEndpoint,
  WebhookEndpointChanges,
  WebhookPage,
} from '../../core/webhook.ts';
import { healthy } from '../../core/webhooks/receiver-health.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { tenancy } from './tenancy.ts';
import { cursorOf, sortOf } from './time-paging.ts';

interface EndpointRecord extends Omit<WebhookEndpoint, 'id'> {
  _id: string;
  /** The current one first. */
  secrets: SealedSecret[];
  /** From 0: each taken by one at most, so that no number of callers at once makes more endpoints than there may be. */
  place: number;
}

const schema = new Schema<EndpointRecord>(
  { _id: String, ownerId: Number },
  { versionKey: false, strict: false, minimize: false, id: false },
);
schema.plugin(tenancy);
schema.index({ ownerId: 1, createdAt: 1, _id: 1 });
schema.index({ ownerId: 1, place: 1 }, { unique: true });

/** Secrets are for nobody but the signer. */
const shown = { secrets: 0, place: 0 } as const;

/** An endpoint at the address that was called: of what comes of that, one that has moved meanwhile is not to blame. */
export type CalledEndpoint = Pick<WebhookEndpoint, 'ownerId' | 'id' | 'url'>;

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
      projection: shown,
      updatePipeline: Array.isArray(update),
    }).lean<EndpointRecord>();
    return record && toEndpoint(record);
  }

  async function find(ownerId: number, id: string): Promise<WebhookEndpoint | null> {
    const record = await Endpoints.findOne({ ownerId, _id: id }, shown).lean<EndpointRecord>();
    return record && toEndpoint(record);
  }

  return {
    find,

    /** False when the owner has `most` of them already. */
    async insert({ id, ...endpoint }: WebhookEndpoint, secret: SealedSecret, most: number): Promise<boolean> {
      for (;;) {
        const taken = new Set(await Endpoints.distinct('place', { ownerId: endpoint.ownerId }));
        const place = Array.from({ length: most }, (_, index) => index).find((index) => !taken.has(index));
        if (place === undefined) return false;
        try {
          await Endpoints.insertOne({ _id: id, ...endpoint, secrets: [secret], place });
          return true;
        } catch (error) {
          // Somebody else took it meanwhile.
          if (!isDuplicateKey(error)) throw error;
        }
      }
    },

    /** One more than asked for, if there are. Null when there is no endpoint to go on from. */
    async list(ownerId: number, page: WebhookPage): Promise<WebhookEndpoint[] | null> {
      const after = page.after === null ? null : await find(ownerId, page.after);
      if (page.after !== null && after === null) return null;
      const records = await Endpoints.find({ ownerId, ...cursorOf(after, page.order) }, shown)
        .sort(sortOf(page.order))
        .limit(page.limit + 1)
        .lean<EndpointRecord[]>();
      return records.map(toEndpoint);
    },

    /** All of the owner's, also those that are disabled: they may ask for what they missed. */
    async of(ownerId: number, session?: ClientSession): Promise<WebhookEndpoint[]> {
      // Past mongoose: every move of every job asks, and nearly always the answer is none.
      const stored = connection.collection<EndpointRecord>('webhook_endpoints');
      const found = stored.find({ ownerId }, { projection: shown, ...(session && { session }) });
      return (await found.toArray()).map((record) => toEndpoint(record as EndpointRecord));
    },

    /** What failed at an earlier address is forgotten with it. */
    update(
      ownerId: number,
      id: string,
      changes: Omit<WebhookEndpointChanges, 'status'>,
      now: number,
    ): Promise<WebhookEndpoint | null> {
      const isSameUrl = { $eq: ['$url', { $literal: changes.url }] };
      const health = changes.url !== undefined && {
        failingSince: { $cond: [isSameUrl, '$failingSince', null] },
        consecutiveFailures: { $cond: [isSameUrl, '$consecutiveFailures', 0] },
      };
      const fields = Object.entries(changes).map(([name, value]) => [name, { $literal: value }]);
      return change({ ownerId, _id: id }, [{ $set: { ...health, ...Object.fromEntries(fields), updatedAt: now } }]);
    },

    /** Enabled, with earlier failures forgotten. */
    enable(ownerId: number, id: string, now: number): Promise<WebhookEndpoint | null> {
      return change(
        { ownerId, _id: id, status: 'disabled' },
        { $set: { status: 'enabled', disabledReason: null, ...healthy, updatedAt: now } },
      );
    },

    /**
     * Null when it was disabled already, has another address than `url` or is not there: whoever gets the endpoint was
     * the one who did it. `url` is null where any will do.
     */
    disable(
      { ownerId, id, url }: Omit<CalledEndpoint, 'url'> & { url: string | null },
      reason: DisabledReason,
      now: number,
      session?: ClientSession,
    ): Promise<WebhookEndpoint | null> {
      return change(
        { ownerId, _id: id, status: 'enabled', ...(url !== null && { url }) },
        { $set: { status: 'disabled', disabledReason: reason, updatedAt: now } },
        session,
      );
    },

    /** Of a message that arrived at `url`; nothing when the endpoint has another one by now. */
    async recordSuccess({ ownerId, id, url }: CalledEndpoint): Promise<void> {
      await Endpoints.updateOne({ ownerId, _id: id, url, consecutiveFailures: { $gt: 0 } }, { $set: healthy });
    },

    /** The endpoint with the failure counted in; null when it has another address than `url`, or is not there. */
    recordFailure({ ownerId, id, url }: CalledEndpoint, now: number): Promise<WebhookEndpoint | null> {
      const counted = {
        consecutiveFailures: { $add: ['$consecutiveFailures', 1] },
        failingSince: { $ifNull: ['$failingSince', now] },
      };
      return change({ ownerId, _id: id, url }, [{ $set: counted }]);
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
