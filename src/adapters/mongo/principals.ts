import type { Connection, PipelineStage } from 'mongoose';
import type { Limit, Permission, Principal } from '../../core/access.ts';
import { isWellFormedApiKey } from '../../core/api-key.ts';
import { assertThat } from '../../core/errors.ts';
import { createRecent } from '../../core/recent.ts';
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
const maxEntries = 10_000;

/** Who a caller is. Every look-up joins key, user and role, so no route can forget one of their expiries. */
export function createPrincipals(connection: Connection, hash: KeyHash, clock: { now(): number }) {
  const Keys = apiKeyModel(connection);
  const Users = userModel(connection);
  const recent = createRecent<Known>({ maxAgeMs, maxEntries, now: clock.now });

  /** Loaded once for all who ask at once, and never kept beyond the moment at which key or account expires. */
  async function find(name: string, load: (now: number) => Promise<Account | undefined>): Promise<Principal | null> {
    const now = clock.now();
    const found = await recent.get(
      name,
      async () => {
        const account = await load(now);
        return account ? toKnown(account, now) : null;
      },
      ({ until }) => until,
    );
    return found?.principal ?? null;
  }

  return {
    /** What was revoked in this process is refused at once. */
    forget(): void {
      recent.clear();
    },

    /** Null for a key that is unknown, revoked or expired. A key of an expired user is answered with `expired`. */
    async ofKey(secret: string): Promise<Principal | null> {
      const hashed = hash(secret);
      return find(hashed, async (now) => {
        // What was mistyped or never a key of ours is told without asking the store.
        if (!isWellFormedApiKey(secret)) return undefined;
        const [account] = await Keys.aggregate<Account>([
          { $match: { hash: hashed, ...usableAt(now) } },
          ...joinUser,
          ...joinRole,
          { $set: { keyId: '$_id', keyExpiresAt: '$expiresAt' } },
        ]).option(acrossOwners('a key says who its owner is'));
        return account;
      });
    },

    /** The same account without a key, for work that goes on after the request that asked for it. */
    async ofUser(userId: number): Promise<Principal> {
      const principal = await find(`user:${userId}`, async () => {
        const [account] = await Users.aggregate<Account>([
          { $match: { _id: userId } },
          { $project: { user: '$$ROOT' } },
          ...joinRole,
        ]);
        return account;
      });
      assertThat(principal, 'permission_denied', 'The account on whose behalf this runs no longer exists.');
      return principal;
    },
  };
}

export type Principals = ReturnType<typeof createPrincipals>;

interface Known {
  principal: Principal;
  until: number;
}

function toKnown(account: Account, now: number): Known {
  const expiries = [account.keyExpiresAt, account.user.expiresAt].filter((time) => typeof time === 'number');
  return { principal: toPrincipal(account, now), until: Math.min(...expiries.filter((time) => time > now)) };
}

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
