import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { uploadPurposes } from '../../../core/file.ts';
import { expiresAfterWith, toExpiresAfterMs } from '../files/file-object.ts';
import { presentUpload, uploadObject } from './upload-object.ts';

export const createUpload = endpoint({
  method: 'POST',
  path: '/v1/uploads',
  permission: 'use',
  summary: 'Begin a file that comes in parts',
  tag: 'Uploads',
  body: z.strictObject({
    bytes: z.int().min(1).describe('Of the whole file.'),
    filename: z.string().min(1).max(1_024),
    mime_type: z.string().min(1).max(256),
    purpose: z.enum(uploadPurposes),
    expires_after: expiresAfterWith(z.int()).nullish(),
  }),
  response: uploadObject,
  verb: 'createUpload',
  toCore: ({ bytes, filename, mime_type, purpose, expires_after }) => ({
    bytes,
    name: filename,
    mediaType: mime_type,
    purpose,
    fileExpiresAfterMs: toExpiresAfterMs(expires_after),
  }),
  fromCore: (upload) => presentUpload(upload),
});
