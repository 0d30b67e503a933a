import { type Connection, type QueryFilter, Schema } from 'mongoose';
import { maskApiKey } from '../../core/api-key.ts';
import type { ApiKey, OffsetPage } from '../../core/identity.ts';
import type { Counters } from './counters.ts';
import type { KeyHash } from './key-hash.ts';
import { sortOf } from './paging.ts';
import { tenancy } from './tenancy.ts';

export interface ApiKeyRecord extends Omit<ApiKey, 'id' | 'userId'> {
  _id: number;
  ownerId: number;
  hash: string;
  /** A revoked key is kept, so that its name and its past use can still be told. */
  revokedAt: number | null;
}

const schema = new Schema<ApiKeyRecord>(
  {
    _id: Number,
    name: { type: String, required: true },
    hash: { type: String, required: true },
    masked: { type: String, required: true },
    expiresAt: Number,
    revokedAt: Number,
    createdAt: { type: Number, required: true },
  },
  { versionKey: false, collection: 'api_keys' },
);
schema.plugin(tenancy);
schema.index({ hash: 1 }, { unique: true });
schema.index({ ownerId: 1, _id: 1 });

/** The same model whoever asks first. */
export function apiKeyModel(connection: Connection) {
  return connection.model<ApiKeyRecord>('apiKey', schema);
}

export interface NewApiKey {
  ownerId: number;
  name: string;
  secret: string;
  expiresAt: number | null;
}

/** Keys of users. A key counts as there while it is neither revoked nor expired at `now`. */
export function createApiKeyRepository(connection: Connection, counters: Counters, hash: KeyHash) {
  const Keys = apiKeyModel(connection);
  return {
    async create({ secret, ...key }: NewApiKey, now: number): Promise<ApiKey> {
      const record = {
        ...key,
        _id: await counters.next('apiKey'),
        hash: hash(secret),
        masked: maskApiKey(secret),
        revokedAt: null,
        createdAt: now,
      };
      await Keys.create(record);
      return toApiKey(record);
    },

    async list(ownerId: number, page: OffsetPage<'id' | 'name' | 'created'>, now: number) {
      const filter = { ownerId, ...usableAt(now) };
      const [records, total] = await Promise.all([
        Keys.find(filter).sort(sortOf(page)).skip(page.offset).limit(page.limit).lean(),
        Keys.countDocuments(filter),
      ]);
      return { keys: records.map(toApiKey), total };
    },

    async find(ownerId: number, id: number, now: number): Promise<ApiKey | null> {
      const record = await Keys.findOne({ ownerId, _id: id, ...usableAt(now) }).lean();
      return record && toApiKey(record);
    },

    /** False when there is no such key. */
    async revoke(ownerId: number, id: number, now: number): Promise<boolean> {
      const result = await Keys.updateOne({ ownerId, _id: id, ...usableAt(now) }, { $set: { revokedAt: now } });
      return result.modifiedCount === 1;
    },

    async revokeNamed(ownerId: number, name: string, now: number): Promise<void> {
      await Keys.updateMany({ ownerId, name, ...usableAt(now) }, { $set: { revokedAt: now } });
    },
  };
}

export type ApiKeyRepository = ReturnType<typeof createApiKeyRepository>;

export function usableAt(now: number): QueryFilter<ApiKeyRecord> {
  return { revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
}

function toApiKey(record: ApiKeyRecord): ApiKey {
  return {
    id: record._id,
    name: record.name,
    userId: record.ownerId,
    masked: record.masked,
    expiresAt: record.expiresAt,
    createdAt: record.createdAt,
  };
}
