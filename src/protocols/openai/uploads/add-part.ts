import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { assertThat } from '../../../core/errors.ts';
import { toSeconds } from '../files/file-object.ts';
import { uploadParams } from './upload-object.ts';

export const addPart = endpoint({
  method: 'POST',
  path: '/v1/uploads/:upload_id/parts',
  permission: 'use',
  summary: 'Add a part to a file; the order is told when it is complete',
  tag: 'Uploads',
  params: uploadParams,
  body: z.strictObject({}),
  files: { data: { required: true, description: 'The bytes of the part.' } },
  fileBound: 'maxPartBytes',
  response: z.object({
    id: z.string(),
    object: z.literal('upload.part'),
    created_at: z.int().describe('Seconds since the epoch.'),
    upload_id: z.string(),
  }),
  verb: 'addUploadPart',
  toCore: (_body, { params, files: { data } }) => {
    assertThat(data, 'invalid_request', 'data: Required: expected a file.', { param: 'data' });
    return { id: params.upload_id, blob: data };
  },
  fromCore: ({ id, createdAt, uploadId }) => ({
    id,
    object: 'upload.part',
    created_at: toSeconds(createdAt),
    upload_id: uploadId,
  }),
});
