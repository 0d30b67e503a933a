import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { fileParams } from './file-object.ts';

export const deleteFile = endpoint({
  method: 'DELETE',
  path: '/v1/files/:file_id',
  permission: 'use',
  summary: 'Delete a file',
  tag: 'Files',
  params: fileParams,
  response: z.object({ id: z.string(), object: z.literal('file'), deleted: z.literal(true) }),
  verb: 'deleteFile',
  toCore: (_body, { params }) => ({ id: params.file_id }),
  fromCore: (_nothing, _body, { params }) => ({ id: params.file_id, object: 'file', deleted: true }),
});
