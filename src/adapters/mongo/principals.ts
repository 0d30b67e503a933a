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

  function recall(name: string, now: number): Principal | null {
    const cached = known.get(name);
    return cached && now < cached.until ? cached.principal : null;
  }

  /** Never beyond the moment at which the key or the account expires. */
  function remember(name: string, account: Account, now: number): Principal {
    const principal = toPrincipal(account, now);
    const expiries = [account.keyExpiresAt, account.user.expiresAt].filter((time) => typeof time === 'number');
    if (known.size >= maxCached) known.clear();
    known.set(name, { principal, until: Math.min(now + maxAgeMs, ...expiries.filter((time) => time > now)) });
    return principal;
  }

  return {
    /** What was revoked in this process is refused at once. */
    forget(): void {
      known.clear();
    },

    /** Null for a key that is unknown, revoked or expired. A key of an expired user is answered with `expired`. */
    async ofKey(secret: string): Promise<Principal | null> {
      const now = clock.now();
      const hashed = hash(secret);
      const cached = recall(hashed, now);
      if (cached) return cached;
      const [account] = await Keys.aggregate<Account>([
        { $match: { hash: hashed, ...usableAt(now) } },
        ...joinUser,
        ...joinRole,
        { $set: { keyId: '$_id', keyExpiresAt: '$expiresAt' } },
      ]).option(acrossOwners('a key says who its owner is'));
      return account ? remember(hashed, account, now) : null;
    },

    /** The same account without a key, for work that goes on after the request that asked for it. */
    async ofUser(userId: number): Promise<Principal> {
      const now = clock.now();
      const name = `user:${userId}`;
      const cached = recall(name, now);
      if (cached) return cached;
      const [account] = await Users.aggregate<Account>([
        { $match: { _id: userId } },
        { $project: { user: '$$ROOT' } },
        ...joinRole,
      ]);
      assertThat(account, 'permission_denied', 'The account on whose behalf this runs no longer exists.');
      return remember(name, account, now);
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
