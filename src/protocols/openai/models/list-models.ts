import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { modelSchema, presentModel } from './model.ts';

export const listModels = endpoint({
  method: 'GET',
  path: '/v1/models',
  permission: 'use',
  summary: 'List the models that you may use',
  tag: 'Models',
  response: z.object({ object: z.literal('list'), data: z.array(modelSchema) }),
  verb: 'listModels',
  toCore: () => ({}),
  fromCore: (models) => ({ object: 'list', data: models.map(presentModel) }),
});
