import { z } from 'zod';
import type { Operation } from '../../../core/endpoint.ts';
import { fileParams } from './file-object.ts';

/** Answered by a route: its body is streamed, and a range of it can be asked for. */
export const getFileContent = {
  method: 'GET',
  path: '/v1/files/:file_id/content',
  permission: 'use',
  summary: 'Download a file, or the range of it that the header Range names',
  tag: 'Files',
  params: fileParams,
  response: z.string(),
} as const satisfies Operation;
