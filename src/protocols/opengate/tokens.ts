import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { bodyId, expiry, text, toMilliseconds } from './fields.ts';

const createToken = endpoint({
  method: 'POST',
  path: '/v1/admin/tokens',
  permission: 'admin',
  summary: 'Create an API key for a user',
  tag: 'Admin',
  status: 201,
  body: z.looseObject({ name: text, user: bodyId.describe('The user the key is for.'), expires: expiry }),
  response: z.object({ id: z.int(), token: z.string().describe('The key; shown this once.') }),
  verb: 'createKey',
  toCore: (body) => ({ name: body.name, expiresAt: toMilliseconds(body.expires), userId: body.user }),
  fromCore: ({ id, secret }) => ({ id, token: secret }),
});

export const tokenEndpoints = [createToken];
