import type { Limit, Permission } from './access.ts';

export interface User {
  id: number;
  email: string;
  name: string | null;
  roleId: number;
  organizationId: number | null;
  /** Money left to spend in the configured unit; null for no limit. */
  budget: number | null;
  /** Milliseconds since the epoch; null for never. */
  expiresAt: number | null;
  priority: number;
  createdAt: number;
  updatedAt: number;
}

export interface Role {
  id: number;
  name: string;
  permissions: readonly Permission[];
  limits: readonly Limit[];
}

/** A key without its secret. */
export interface ApiKey {
  id: number;
  name: string;
  userId: number;
  /** What is left of the key to recognise it by, e.g. `sk_live_abc…wxyz`. */
  masked: string;
  expiresAt: number | null;
  createdAt: number;
}

/** Offset paging of the specification's lists. */
export interface OffsetPage<Field extends string> {
  offset: number;
  limit: number;
  orderBy: Field;
  direction: 'asc' | 'desc';
}

export interface IssuedKey {
  id: number;
  /** Shown this once. */
  secret: string;
}

export interface NewUser {
  email: string;
  name: string | null;
  password: string;
  roleId: number;
  organizationId: number | null;
  budget: number | null;
  expiresAt: number | null;
  priority: number;
}

export interface UserQuery extends OffsetPage<'id' | 'name' | 'created' | 'updated'> {
  roleId: number | null;
  organizationId: number | null;
  email: string | null;
}
