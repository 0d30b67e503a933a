import { type Connection, Schema } from 'mongoose';
import {
  isBilled,
  type NamedUsageRecord,
  type UsageQuery,
  type UsageRecord,
  wasAnswered,
} from '../../core/billing/usage-record.ts';
import { apiKeyModel } from './api-keys.ts';
import { acrossOwners, tenancy } from './tenancy.ts';
import { userModel } from './users.ts';

interface StoredUsage extends Omit<NamedUsageRecord, 'id'> {
  _id: string;
  /** Whether its user is shown it: see `isBilled`, and not when another try of its unit is. */
  isBilled: boolean;
  /** The store deletes it after that. */
  expiresAt: Date;
}

const range = { min: Number, max: Number };
const schema = new Schema<StoredUsage>(
  {
    _id: String,
    createdAt: { type: Number, required: true },
    userEmail: String,
    keyId: Number,
    keyName: String,
    requestId: String,
    attempt: Number,
    unit: String,
    router: { id: Number, name: String },
    provider: { type: { id: Number, vendor: String, modelName: String }, default: null },
    method: String,
    endpoint: String,
    status: Number,
    usage: {
      promptTokens: Number,
      completionTokens: Number,
      cachedTokens: Number,
      cacheWriteTokens: Number,
      reasoningTokens: Number,
      estimated: Boolean,
    },
    bill: { costMicros: Number, carbon: { kWh: range, kgCO2eq: range }, requests: Number },
    latencyMs: Number,
    ttftMs: Number,
    isBilled: Boolean,
    expiresAt: Date,
  },
  { versionKey: false, id: false },
);
schema.plugin(tenancy);
// A user's records in time; the endpoint is in it so that counting reads no records.
schema.index({ ownerId: 1, isBilled: 1, createdAt: -1, _id: -1, endpoint: 1 });
schema.index({ unit: 1 }, { partialFilterExpression: { unit: { $type: 'string' } } });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** What calls on models have consumed. Records are written once; what changes is which try of a unit is billed. */
export function createUsageRepository(connection: Connection, settings: { retentionMs: number }) {
  const Records = connection.model<StoredUsage>('usage', schema, 'usage');
  const Users = userModel(connection);
  const Keys = apiKeyModel(connection);

  async function withNames(records: readonly UsageRecord[]): Promise<StoredUsage[]> {
    const [users, keys] = await Promise.all([
      Users.find({ _id: { $in: unique(records.map(({ ownerId }) => ownerId)) } }, { email: 1 }).lean(),
      Keys.find({ _id: { $in: unique(records.flatMap(({ keyId }) => keyId ?? [])) } }, { name: 1 })
        .setOptions(acrossOwners('the records of a batch are of many users'))
        .lean(),
    ]);
    const emails = new Map(users.map(({ _id, email }) => [_id, email]));
    const names = new Map(keys.map(({ _id, name }) => [_id, name]));
    return records.map(({ id, ...record }) => ({
      _id: id,
      ...record,
      userEmail: emails.get(record.ownerId) ?? null,
      keyName: record.keyId === null ? null : (names.get(record.keyId) ?? null),
      isBilled: isBilled(record),
      expiresAt: new Date(record.createdAt + settings.retentionMs),
    }));
  }

  /**
   * Tries of a unit are written by different processes, in any order and again after a crash: whoever writes one looks
   * at all there are. One that was answered goes before one that was given up, as by a worker that others took over from.
   */
  async function billOne(units: readonly string[]): Promise<void> {
    if (units.length === 0) return;
    const tries = await Records.find(
      { unit: { $in: [...units], $type: 'string' }, isBilled: true },
      { unit: 1, status: 1 },
    )
      .setOptions(acrossOwners('the records of a batch are of many users'))
      .sort({ createdAt: -1, _id: -1 })
      .lean();
    const bestFirst = tries.toSorted((one, other) => Number(wasAnswered(other)) - Number(wasAnswered(one)));
    const seen = new Set<string | null>();
    const superseded = bestFirst.flatMap(({ _id, unit }) => (seen.size < seen.add(unit).size ? [] : [_id]));
    if (superseded.length === 0) return;
    await Records.updateMany({ _id: { $in: superseded } }, { $set: { isBilled: false } }).setOptions(
      acrossOwners('the records of a batch are of many users'),
    );
  }

  return {
    /** Acknowledged by a majority when it resolves. A record that is there already stays as it is. */
    async record(records: readonly UsageRecord[]): Promise<void> {
      const documents = await withNames(records);
      // The bare command: the driver's bulk writer would serialise every record twice.
      const answer = await connection.db?.command({
        insert: Records.collection.name,
        documents,
        ordered: false,
        writeConcern: { w: 'majority' },
      });
      assertOnlyDuplicates(answer);
      await billOne(unique(records.flatMap(({ unit }) => unit ?? [])));
    },

    /** What a user is billed for, the latest first. */
    async list(ownerId: number, { from, to, endpoint, offset, limit }: ListedUsage) {
      const filter = {
        ownerId,
        isBilled: true,
        createdAt: { $gte: from, $lte: to },
        ...(endpoint !== null && { endpoint }),
      };
      const [records, total] = await Promise.all([
        Records.find(filter).sort({ createdAt: -1, _id: -1 }).skip(offset).limit(limit).lean(),
        Records.countDocuments(filter),
      ]);
      return { records: records.map(toRecord), total };
    },
  };
}

export type UsageRepository = ReturnType<typeof createUsageRepository>;

type ListedUsage = Omit<UsageQuery, 'from' | 'to'> & { from: number; to: number };

function unique<Id>(ids: readonly Id[]): Id[] {
  return [...new Set(ids)];
}

interface InsertAnswer {
  writeErrors?: { code: number; errmsg: string }[];
  writeConcernError?: { errmsg: string };
}

/** What is there already is what was to be written. */
function assertOnlyDuplicates({ writeErrors = [], writeConcernError }: InsertAnswer = {}): void {
  const fault = writeErrors.find(({ code }) => code !== 11_000) ?? writeConcernError;
  if (fault) throw new Error(`usage records were not written: ${fault.errmsg}`);
}

function toRecord({ _id, isBilled: _isBilled, expiresAt: _expiresAt, ...record }: StoredUsage): NamedUsageRecord {
  return { id: _id, ...record };
}
