import { z } from 'zod';
import { permissions } from '../../core/access.ts';
import { endpoint, type Output } from '../../core/endpoint.ts';
import { toSeconds } from './fields.ts';

const limit = z.object({
  router: z.int(),
  type: z.enum(['rpm', 'rpd', 'tpm', 'tpd']),
  value: z.int().nonnegative().nullable(),
});

const userInfo = z.object({
  object: z.literal('userInfo'),
  id: z.int(),
  email: z.string(),
  name: z.string().nullable(),
  organization: z.int().nullable(),
  budget: z.number().nullable(),
  permissions: z.array(z.enum(permissions)),
  limits: z.array(limit),
  expires: z.int().nullable(),
  priority: z.int(),
  created: z.int(),
  updated: z.int(),
});

/** The master key belongs to nobody; it is shown as user 0. */
const nobody = {
  id: 0,
  email: 'master',
  name: 'master',
  organizationId: null,
  budget: null,
  expiresAt: null,
  priority: 0,
  createdAt: 0,
  updatedAt: 0,
};

function presentAccount({ user, role }: Output<'getAccount'>): z.input<typeof userInfo> {
  const shown = user ?? nobody;
  return {
    object: 'userInfo',
    id: shown.id,
    email: shown.email,
    name: shown.name,
    organization: shown.organizationId,
    budget: shown.budget,
    permissions: [...role.permissions],
    limits: role.limits.filter((row) => row.value !== 0),
    expires: toSeconds(shown.expiresAt),
    priority: shown.priority,
    created: toSeconds(shown.createdAt),
    updated: toSeconds(shown.updatedAt),
  };
}

const getInfo = endpoint({
  method: 'GET',
  path: '/v1/me/info',
  permission: 'account',
  summary: 'Get your account; open to expired accounts too',
  tag: 'Me',
  response: userInfo,
  verb: 'getAccount',
  toCore: () => ({}),
  fromCore: presentAccount,
});

export const meEndpoints = [getInfo];
