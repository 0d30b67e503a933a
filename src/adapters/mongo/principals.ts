import type { Connection, PipelineStage } from 'mongoose';
import type { Limit, Permission, Principal } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import { apiKeyModel, usableAt } from './api-keys.ts';
import type { KeyHash } from './key-hash.ts';
import { acrossOwners } from './tenancy.ts';
import { userModel } from './users.ts';

/** What the joins below leave of a key or a user. */
interface Account {
  keyId?: number;
  user: { _id: number; expiresAt: number | null };
  role: { permissions: Permission[]; limits: Limit[] };
}

const joinUser: PipelineStage[] = [
  { $lookup: { from: 'users', localField: 'ownerId', foreignField: '_id', as: 'user' } },
  { $unwind: '$user' },
];
const joinRole: PipelineStage[] = [
  { $lookup: { from: 'roles', localField: 'user.roleId', foreignField: '_id', as: 'role' } },
  { $unwind: '$role' },
];

/** Who a caller is. Every look-up joins key, user and role, so no route can forget one of their expiries. */
export function createPrincipals(connection: Connection, hash: KeyHash, clock: { now(): number }) {
  const Keys = apiKeyModel(connection);
  const Users = userModel(connection);
  return {
    /** Null for a key that is unknown, revoked or expired. A key of an expired user is answered with `expired`. */
    async ofKey(secret: string): Promise<Principal | null> {
      const now = clock.now();
      const [account] = await Keys.aggregate<Account>([
        { $match: { hash: hash(secret), ...usableAt(now) } },
        ...joinUser,
        ...joinRole,
        { $set: { keyId: '$_id' } },
      ]).option(acrossOwners('a key says who its owner is'));
      return account ? toPrincipal(account, now) : null;
    },

    /** The same account without a key, for work that goes on after the request that asked for it. */
    async ofUser(userId: number): Promise<Principal> {
      const [account] = await Users.aggregate<Account>([
        { $match: { _id: userId } },
        { $project: { user: '$$ROOT' } },
        ...joinRole,
      ]);
      assertThat(account, 'permission_denied', 'The account on whose behalf this runs no longer exists.');
      return toPrincipal(account, clock.now());
    },
  };
}

export type Principals = ReturnType<typeof createPrincipals>;

function toPrincipal(account: Account, now: number): Principal {
  const { expiresAt } = account.user;
  return {
    kind: 'user',
    userId: account.user._id,
    keyId: account.keyId ?? null,
    permissions: account.role.permissions,
    limits: account.role.limits,
    expired: expiresAt !== null && expiresAt <= now,
  };
}
