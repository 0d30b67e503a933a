import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { text } from './fields.ts';

const login = endpoint({
  method: 'POST',
  path: '/v1/auth/login',
  permission: 'public',
  summary: 'Exchange address and password for an API key that lives an hour',
  tag: 'Auth',
  body: z.looseObject({
    email: text.max(254).describe('The user email.'),
    // Not trimmed: spaces may be part of a password.
    password: z.string().min(1).describe('The user password.'),
  }),
  response: z.object({ id: z.int(), key: z.string() }),
  verb: 'signIn',
  toCore: ({ email, password }) => ({ email, password }),
  fromCore: ({ id, secret }) => ({ id, key: secret }),
});

export const authEndpoints = [login];
