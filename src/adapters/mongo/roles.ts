import { type Connection, Schema } from 'mongoose';
import type { Limit, Permission } from '../../core/access.ts';
import type { Role } from '../../core/identity.ts';

export interface RoleRecord extends Omit<Role, 'id' | 'permissions' | 'limits'> {
  _id: number;
  permissions: Permission[];
  limits: Limit[];
  createdAt: number;
  updatedAt: number;
}

const limit = new Schema<Limit>({ router: Number, type: String, value: Number }, { _id: false });
const schema = new Schema<RoleRecord>(
  {
    _id: Number,
    name: { type: String, required: true },
    permissions: [String],
    limits: [limit],
    createdAt: { type: Number, required: true },
    updatedAt: { type: Number, required: true },
  },
  { versionKey: false },
);
schema.index({ name: 1 }, { unique: true });

/** The same model whoever asks first. */
export function roleModel(connection: Connection) {
  return connection.model<RoleRecord>('role', schema, 'roles');
}

export function createRoleRepository(connection: Connection) {
  const Roles = roleModel(connection);
  return {
    async find(id: number): Promise<Role | null> {
      const record = await Roles.findById(id).lean();
      return record && toRole(record);
    },

    /** Stores the role unless there is one of that id. */
    async ensure(role: Role, now: number): Promise<void> {
      const { id, ...fields } = role;
      await Roles.updateOne(
        { _id: id },
        { $setOnInsert: { ...fields, createdAt: now, updatedAt: now } },
        { upsert: true },
      );
    },
  };
}

export type RoleRepository = ReturnType<typeof createRoleRepository>;

function toRole({ _id, name, permissions, limits }: RoleRecord): Role {
  return { id: _id, name, permissions, limits };
}
