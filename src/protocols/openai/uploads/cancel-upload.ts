import { endpoint } from '../../../core/endpoint.ts';
import { presentUpload, uploadObject, uploadParams } from './upload-object.ts';

export const cancelUpload = endpoint({
  method: 'POST',
  path: '/v1/uploads/:upload_id/cancel',
  permission: 'use',
  summary: 'Give a file up, and delete its parts',
  tag: 'Uploads',
  params: uploadParams,
  response: uploadObject,
  verb: 'cancelUpload',
  toCore: (_body, { params }) => ({ id: params.upload_id }),
  fromCore: (upload) => presentUpload(upload),
});
