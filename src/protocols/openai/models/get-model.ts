import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { modelSchema, presentModel } from './model.ts';

export const getModel = endpoint({
  method: 'GET',
  path: '/v1/models/:model+',
  permission: 'use',
  summary: 'Get a model by its name or an alias',
  tag: 'Models',
  params: z.object({ model: z.string().describe('May have slashes, as they are or as %2F.') }),
  response: modelSchema,
  verb: 'getModel',
  toCore: (_body, { params }) => ({ name: params.model }),
  fromCore: presentModel,
});
