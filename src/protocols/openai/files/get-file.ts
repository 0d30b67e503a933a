import { endpoint } from '../../../core/endpoint.ts';
import { fileObject, fileParams, presentFile } from './file-object.ts';

export const getFile = endpoint({
  method: 'GET',
  path: '/v1/files/:file_id',
  permission: 'use',
  summary: 'What is known of a file',
  tag: 'Files',
  params: fileParams,
  response: fileObject,
  verb: 'getFile',
  toCore: (_body, { params }) => ({ id: params.file_id }),
  fromCore: presentFile,
});
