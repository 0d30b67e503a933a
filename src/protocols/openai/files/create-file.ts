import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { assertThat } from '../../../core/errors.ts';
import { uploadPurposes } from '../../../core/file.ts';
import { nestBrackets } from '../../jobs/nest-brackets.ts';
import { expiresAfterWith, fileObject, presentFile, toExpiresAfterMs } from './file-object.ts';

const form = z.strictObject({
  purpose: z.enum(uploadPurposes),
  expires_after: expiresAfterWith(z.coerce.number())
    .optional()
    .describe('Written as `expires_after[anchor]` and `expires_after[seconds]`.'),
});

export const createFile = endpoint({
  method: 'POST',
  path: '/v1/files',
  permission: 'use',
  summary: 'Upload a file, to name it by its id in later calls',
  tag: 'Files',
  body: z.preprocess(nestBrackets, form),
  files: { file: { required: true, description: 'Files of the purpose `batch` are named `….jsonl`.' } },
  fileBound: 'maxBytes',
  response: fileObject,
  verb: 'createFile',
  toCore: ({ purpose, expires_after }, { files: { file } }) => {
    assertThat(file, 'invalid_request', 'file: Required: expected a file.', { param: 'file' });
    return { blob: file, purpose, expiresAfterMs: toExpiresAfterMs(expires_after) };
  },
  fromCore: presentFile,
});
