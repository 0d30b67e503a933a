import { z } from 'zod';
import type { StoredFile } from '../../../core/file.ts';
import { filePurposes } from '../../../core/file.ts';
import type { Upload } from '../../../core/upload.ts';
import { fileObject, presentFile, toSeconds } from '../files/file-object.ts';

export const uploadObject = z
  .object({
    id: z.string(),
    object: z.literal('upload'),
    bytes: z.int().describe('Of the whole file.'),
    created_at: z.int().describe('Seconds since the epoch.'),
    expires_at: z.int().describe('Seconds since the epoch; takes no more parts from then on.'),
    filename: z.string(),
    purpose: z.enum(filePurposes),
    status: z.enum(['pending', 'completed', 'cancelled', 'expired']),
    file: fileObject.nullable().describe('What came of it, when it is completed.'),
  })
  .meta({ id: 'Upload', description: 'A file that comes in parts.' });

export const uploadParams = z.object({ upload_id: z.string() });

export function presentUpload(upload: Upload, file: StoredFile | null = null): z.input<typeof uploadObject> {
  return {
    id: upload.id,
    object: 'upload',
    bytes: upload.bytes,
    created_at: toSeconds(upload.createdAt),
    expires_at: toSeconds(upload.expiresAt),
    filename: upload.name,
    purpose: upload.purpose,
    status: upload.status,
    file: file && presentFile(file),
  };
}
