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
  keyExpiresAt?: number | null;
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

/** How long another process may still let a key in that was revoked here. */
const maxAgeMs = 1_000;
const maxCached = 10_000;

/** Who a caller is. Every look-up joins key, user and role, so no route can forget one of their expiries. */
export function createPrincipals(connection: Connection, hash: KeyHash, clock: { now(): number }) {
  const Keys = apiKeyModel(connection);
  const Users = userModel(connection);
  const known = new Map<string, { principal: Principal; until: number }>();

  return {
    /** What was revoked in this process is refused at once. */
    forget(): void {
      known.clear();
    },

    /** Null for a key that is unknown, revoked or expired. A key of an expired user is answered with `expired`. */
    async ofKey(secret: string): Promise<Principal | null> {
      const now = clock.now();
      const hashed = hash(secret);
      const cached = known.get(hashed);
      if (cached && now < cached.until) return cached.principal;
      const [account] = await Keys.aggregate<Account>([
        { $match: { hash: hashed, ...usableAt(now) } },
        ...joinUser,
        ...joinRole,
        { $set: { keyId: '$_id', keyExpiresAt: '$expiresAt' } },
      ]).option(acrossOwners('a key says who its owner is'));
      known.delete(hashed);
      if (!account) return null;
      const principal = toPrincipal(account, now);
      if (known.size >= maxCached) known.clear();
      const expiries = [account.keyExpiresAt, account.user.expiresAt].filter((time) => typeof time === 'number');
      known.set(hashed, { principal, until: Math.min(now + maxAgeMs, ...expiries.filter((time) => time > now)) });
      return principal;
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
