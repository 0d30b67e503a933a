import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { uploadLimits } from '../../../core/upload.ts';
import { presentUpload, uploadObject, uploadParams } from './upload-object.ts';

export const completeUpload = endpoint({
  method: 'POST',
  path: '/v1/uploads/:upload_id/complete',
  permission: 'use',
  summary: 'Make a file of the parts',
  tag: 'Uploads',
  params: uploadParams,
  body: z.strictObject({
    part_ids: z.array(z.string()).min(1).max(uploadLimits.maxParts).describe('In the order of the file.'),
    md5: z
      .string()
      .regex(/^[0-9a-f]{32}$/i, 'Expected 32 hexadecimal digits.')
      .nullish()
      .describe('Of the whole file.'),
  }),
  response: uploadObject,
  verb: 'completeUpload',
  toCore: ({ part_ids, md5 }, { params }) => ({
    id: params.upload_id,
    partIds: part_ids,
    md5: md5?.toLowerCase() ?? null,
  }),
  fromCore: ({ upload, file }) => presentUpload(upload, file),
});
