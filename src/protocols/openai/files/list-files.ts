import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { fileIdPattern, filePurposes } from '../../../core/file.ts';
import { pageOf, toPage } from '../stored-chats/page.ts';
import { fileObject, presentFile } from './file-object.ts';

const maxLimit = 10_000;

export const listFiles = endpoint({
  method: 'GET',
  path: '/v1/files',
  permission: 'use',
  summary: 'List the files',
  tag: 'Files',
  query: z.looseObject({
    after: z
      .string()
      .regex(fileIdPattern, 'Expected the id of a file.')
      .optional()
      .describe('Answers what follows the file of this id in the chosen order.'),
    limit: z.coerce.number().int().min(1).max(maxLimit).default(maxLimit),
    order: z.enum(['asc', 'desc']).default('desc').describe('By time of creation.'),
    purpose: z.enum(filePurposes).optional(),
  }),
  response: pageOf(fileObject),
  verb: 'listFiles',
  toCore: (_body, { query: { purpose, order, after, limit } }) => ({
    purpose: purpose ?? null,
    order,
    after: after ?? null,
    limit,
  }),
  fromCore: ({ files, hasMore }) => toPage(files.map(presentFile), hasMore),
});
