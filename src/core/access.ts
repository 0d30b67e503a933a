/**
 * Who is calling and what they may do. This file holds the only predicates: routes, verbs, jobs at submit and jobs
 * when they run all ask here.
 */
import { assertThat, GatewayError } from './errors.ts';

export const permissions = ['admin', 'create_public_collection', 'read_metric', 'provide_models'] as const;
export type Permission = (typeof permissions)[number];

export type LimitType = 'rpm' | 'rpd' | 'tpm' | 'tpd';

/** A role's bound on one router. `null` means unlimited, 0 forbids; a missing type means unlimited. */
export interface Limit {
  router: number;
  type: LimitType;
  value: number | null;
}

/**
 * The caller. `master` is the configured key: every permission, owns nothing. `system` is a workflow step acting on
 * references it was given. `anonymous` has presented no credential.
 */
export interface Principal {
  kind: 'user' | 'master' | 'system' | 'anonymous';
  /** 0 unless `kind` is `user`. */
  userId: number;
  /** The key that was presented; null for every other way in. */
  keyId: number | null;
  permissions: readonly Permission[];
  limits: readonly Limit[];
  /** The account's expiry has passed: only `account` routes stay open. */
  expired: boolean;
}

const nobody = { userId: 0, keyId: null, permissions: [], limits: [], expired: false } as const;
export const anonymous: Principal = { ...nobody, kind: 'anonymous' };
export const system: Principal = { ...nobody, kind: 'system' };
export const master: Principal = { ...nobody, kind: 'master', permissions };

/** An owner for whom the gateway tidies up: reaches what is theirs, and is permitted nothing else. */
export function userOf(userId: number): Principal {
  return { ...nobody, kind: 'user', userId };
}

/** What an operation asks of its caller, as declared beside its route. */
export type AccessRule = 'public' | 'account' | 'use' | 'admin' | 'providers' | 'metrics';

/** Rules that ask for one of these permissions. */
const permissionsFor: Partial<Record<AccessRule, readonly Permission[]>> = {
  admin: ['admin'],
  providers: ['admin', 'provide_models'],
  metrics: ['read_metric'],
};

/** Throws unless `principal` may call an operation declared with `rule`. */
export function authorise(principal: Principal, rule: AccessRule): void {
  if (rule === 'public') return;
  assertThat(principal.kind !== 'anonymous', 'not_authenticated', 'Not authenticated');
  if (rule === 'account') return;
  assertThat(
    !principal.expired,
    'account_expired',
    'Your account has expired. Please contact support to renew your account.',
  );
  const needed = permissionsFor[rule];
  const isPermitted = needed === undefined || needed.some((permission) => has(principal, permission));
  assertThat(isPermitted, 'permission_denied', 'Insufficient rights.');
}

export function has(principal: Principal, permission: Permission): boolean {
  return principal.permissions.includes(permission);
}

/** The user on whose behalf something is stored. The master key owns nothing, so it is refused. */
export function ownerOf(principal: Principal, what: string): number {
  assertThat(
    principal.kind === 'user',
    'unsupported_operation',
    `Master user is not allowed to create ${what}. Use the key of a user.`,
  );
  return principal.userId;
}

/** The user whose things are looked for. Whoever owns nothing is as no owner at all. */
export function ownerOrNobody({ kind, userId }: Principal): number {
  return kind === 'user' ? userId : 0;
}

/** Anything that belongs to a user. Only collections can be public. */
export interface Owned {
  ownerId: number;
  visibility?: 'private' | 'public';
}

export function mayRead(principal: Principal, thing: Owned): boolean {
  return mayWrite(principal, thing) || (thing.visibility === 'public' && principal.kind === 'user');
}

export function mayWrite(principal: Principal, thing: Owned): boolean {
  return principal.kind === 'system' || (principal.kind === 'user' && thing.ownerId === principal.userId);
}

/** At least one limit row for the router and none of them 0. The master key and workflow steps are not limited. */
export function mayUseModel(principal: Principal, routerId: number): boolean {
  if (principal.kind === 'master' || principal.kind === 'system') return true;
  const rows = principal.limits.filter((limit) => limit.router === routerId);
  return rows.length > 0 && rows.every((limit) => limit.value !== 0);
}

/** Throws unless `principal` may use the router. One that their role does not list is not there for them. */
export function authoriseModel(principal: Principal, routerId: number): void {
  if (mayUseModel(principal, routerId)) return;
  const isListed = principal.limits.some((limit) => limit.router === routerId);
  assertThat(isListed, 'model_not_found', 'Model not found.', { param: 'model' });
  throw new GatewayError('permission_denied', 'Insufficient permissions to access the model.', { param: 'model' });
}
