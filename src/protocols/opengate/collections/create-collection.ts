import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { created, text } from '../fields.ts';
import { visibility } from './collection.ts';

export const createCollection = endpoint({
  method: 'POST',
  path: '/v1/collections',
  permission: 'use',
  summary: 'Create a collection',
  tag: 'Collections',
  status: 201,
  body: z.looseObject({
    name: text.describe('The name of the collection.'),
    description: z.string().nullish(),
    visibility: visibility.default('private'),
  }),
  response: created,
  verb: 'createCollection',
  toCore: (body) => ({ name: body.name, description: body.description ?? null, visibility: body.visibility }),
  fromCore: ({ id }) => ({ id }),
});
