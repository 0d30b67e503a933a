import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import type { ApiKey } from '../../core/identity.ts';
import { expiry, listOf, paging, pathId, text, toList, toMilliseconds, toPage, toSeconds } from './fields.ts';

const key = z.object({
  object: z.literal('key'),
  id: z.int(),
  name: z.string(),
  token: z.string().describe('The key, masked.'),
  expires: z.int().nullable(),
  created: z.int(),
});

function presentKey(stored: ApiKey): z.input<typeof key> {
  return {
    object: 'key',
    id: stored.id,
    name: stored.name,
    token: stored.masked,
    expires: toSeconds(stored.expiresAt),
    created: toSeconds(stored.createdAt),
  };
}

const params = z.object({ key: pathId });

const createKey = endpoint({
  method: 'POST',
  path: '/v1/me/keys',
  permission: 'use',
  summary: 'Create an API key for yourself',
  tag: 'Me',
  status: 201,
  body: z.looseObject({ name: text, expires: expiry }),
  response: z.object({ id: z.int(), token: z.string().describe('The key; shown this once.'), key: z.string() }),
  verb: 'createKey',
  toCore: (body) => ({ name: body.name, expiresAt: toMilliseconds(body.expires), userId: null }),
  fromCore: ({ id, secret }) => ({ id, token: secret, key: secret }),
});

const listKeys = endpoint({
  method: 'GET',
  path: '/v1/me/keys',
  permission: 'use',
  summary: 'List your API keys that are neither revoked nor expired',
  tag: 'Me',
  query: z.object(paging(['id', 'name', 'created'])),
  response: listOf(key),
  verb: 'listKeys',
  toCore: (_body, { query }) => toPage(query),
  fromCore: ({ keys, total }, _body, { query }) => toList(keys.map(presentKey), total, query),
});

const getKey = endpoint({
  method: 'GET',
  path: '/v1/me/keys/:key',
  permission: 'use',
  summary: 'Get one of your API keys',
  tag: 'Me',
  params,
  response: key,
  verb: 'getKey',
  toCore: (_body, { params: { key: id } }) => ({ id }),
  fromCore: presentKey,
});

const deleteKey = endpoint({
  method: 'DELETE',
  path: '/v1/me/keys/:key',
  permission: 'use',
  summary: 'Revoke one of your API keys, for good',
  tag: 'Me',
  status: 204,
  params,
  response: null,
  verb: 'revokeKey',
  toCore: (_body, { params: { key: id } }) => ({ id }),
  fromCore: () => undefined,
});

export const keyEndpoints = [createKey, listKeys, getKey, deleteKey];
