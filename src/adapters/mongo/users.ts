import { type Connection, type QueryFilter, Schema } from 'mongoose';
import { GatewayError } from '../../core/errors.ts';
import type { User, UserQuery } from '../../core/identity.ts';
import type { Counters } from './counters.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { sortOf } from './paging.ts';

export interface UserRecord extends Omit<User, 'id'> {
  _id: number;
  /** An argon2id hash in PHC form. */
  passwordHash: string;
}

const schema = new Schema<UserRecord>(
  {
    _id: Number,
    email: { type: String, required: true },
    name: String,
    passwordHash: { type: String, required: true },
    roleId: { type: Number, required: true },
    organizationId: Number,
    budget: Number,
    expiresAt: Number,
    priority: { type: Number, required: true },
    createdAt: { type: Number, required: true },
    updatedAt: { type: Number, required: true },
  },
  { versionKey: false, collection: 'users' },
);
schema.index({ email: 1 }, { unique: true });
schema.index({ roleId: 1 });

/** The same model whoever asks first. */
export function userModel(connection: Connection) {
  return connection.model<UserRecord>('user', schema);
}

export function createUserRepository(connection: Connection, counters: Counters) {
  const Users = userModel(connection);
  return {
    /** Throws `conflict` when the address is taken. */
    async create(user: Omit<UserRecord, '_id'>): Promise<User> {
      const record = { ...user, _id: await counters.next('user') };
      try {
        await Users.create(record);
      } catch (error) {
        throw isDuplicateKey(error) ? new GatewayError('conflict', 'User already exists.', { cause: error }) : error;
      }
      return toUser(record);
    },

    async find(id: number): Promise<User | null> {
      const record = await Users.findById(id).lean();
      return record && toUser(record);
    },

    /** With the password's hash, for whoever is about to check it. */
    async findByEmail(email: string): Promise<{ user: User; passwordHash: string } | null> {
      const record = await Users.findOne({ email }).lean();
      return record && { user: toUser(record), passwordHash: record.passwordHash };
    },

    /** What to call these users: by their name, or by their address if they have none. */
    async namesOf(ids: readonly number[]): Promise<Map<number, string>> {
      const records = await Users.find({ _id: { $in: ids } }, { name: 1, email: 1 }).lean();
      return new Map(records.map((record) => [record._id, record.name ?? record.email]));
    },

    async list(query: UserQuery): Promise<{ users: User[]; total: number }> {
      const filter = filterOf(query);
      const [records, total] = await Promise.all([
        Users.find(filter).sort(sortOf(query)).skip(query.offset).limit(query.limit).lean(),
        Users.countDocuments(filter),
      ]);
      return { users: records.map(toUser), total };
    },
  };
}

export type UserRepository = ReturnType<typeof createUserRepository>;

function filterOf(query: UserQuery): QueryFilter<UserRecord> {
  return {
    ...(query.roleId !== null && { roleId: query.roleId }),
    ...(query.organizationId !== null && { organizationId: query.organizationId }),
    ...(query.email !== null && { email: query.email }),
  };
}

function toUser({ _id, passwordHash: _passwordHash, ...user }: UserRecord): User {
  return { id: _id, ...user };
}
