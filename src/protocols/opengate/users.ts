import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { assertThat } from '../../core/errors.ts';
import type { User } from '../../core/identity.ts';
import {
  bodyId,
  created,
  expiry,
  listOf,
  paging,
  password,
  pathId,
  text,
  toList,
  toMilliseconds,
  toPage,
  toSeconds,
} from './fields.ts';

const user = z.object({
  object: z.literal('user'),
  id: z.int(),
  email: z.string(),
  name: z.string().nullable(),
  sub: z.string().nullable(),
  iss: z.string().nullable(),
  role: z.int(),
  organization: z.int().nullable(),
  budget: z.number().nullable(),
  expires: z.int().nullable(),
  created: z.int(),
  updated: z.int(),
  priority: z.int(),
});

function presentUser(stored: User): z.input<typeof user> {
  return {
    object: 'user',
    id: stored.id,
    email: stored.email,
    name: stored.name,
    sub: null,
    iss: null,
    role: stored.roleId,
    organization: stored.organizationId,
    budget: stored.budget,
    expires: toSeconds(stored.expiresAt),
    created: toSeconds(stored.createdAt),
    updated: toSeconds(stored.updatedAt),
    priority: stored.priority,
  };
}

const createUser = endpoint({
  method: 'POST',
  path: '/v1/admin/users',
  permission: 'admin',
  summary: 'Create a user',
  tag: 'Admin',
  status: 201,
  body: z.looseObject({
    email: text.max(254),
    name: text.nullish(),
    password,
    role: bodyId.describe('The role ID; 1 is an ordinary user, 2 an administrator.'),
    organization: bodyId.nullish(),
    budget: z.number().nonnegative().nullish().describe('Stored and shown, not applied yet.'),
    expires: expiry,
    priority: z.int().nonnegative().nullish().describe('Stored and shown, not applied yet; 0 unless given.'),
  }),
  response: created,
  verb: 'createUser',
  toCore: (body) => ({
    email: body.email,
    name: body.name ?? null,
    password: body.password,
    roleId: body.role,
    organizationId: body.organization ?? null,
    budget: body.budget ?? null,
    expiresAt: toMilliseconds(body.expires),
    priority: body.priority ?? 0,
  }),
  fromCore: ({ id }) => ({ id }),
});

const listUsers = endpoint({
  method: 'GET',
  path: '/v1/admin/users',
  permission: 'admin',
  summary: 'List users',
  tag: 'Admin',
  query: z.object({
    role: pathId.optional(),
    organization: pathId.optional(),
    email: text.optional().describe('The exact address; 404 when nobody has it.'),
    ...paging(['id', 'name', 'created', 'updated']),
  }),
  response: listOf(user),
  verb: 'listUsers',
  toCore: (_body, { query }) => ({
    ...toPage(query),
    roleId: query.role ?? null,
    organizationId: query.organization ?? null,
    email: query.email ?? null,
  }),
  fromCore: ({ users, total }, _body, { query }) => {
    assertThat(total > 0 || query.email === undefined, 'not_found', 'User not found.');
    return toList(users.map(presentUser), total, query);
  },
});

export const userEndpoints = [createUser, listUsers];
