import { z } from 'zod';
import { type Dialect, endpoint } from '../../src/core/endpoint.ts';
import type { EmbedRequest } from '../../src/core/models.ts';
import { echoChat } from './echo-chat.ts';

const body = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
});

/** A call on `embed`, with a job form: `/echo/embeddings`. */
const embed = endpoint({
  method: 'POST',
  path: '/echo/embeddings',
  permission: 'use',
  tag: 'Echo',
  summary: 'Answers the number of texts',
  body,
  response: z.object({ count: z.int() }),
  verb: 'embed',
  job: { kind: 'call' },
  toCore: ({ model, input }): EmbedRequest => ({ model, texts: [input].flat(), dimensions: null }),
  fromCore: ({ vectors }) => ({ count: vectors.length }),
});

/** Always a job when it has a file: `/echo/documents`. */
const createDocument = endpoint({
  method: 'POST',
  path: '/echo/documents',
  permission: 'use',
  tag: 'Echo',
  summary: 'Takes a file',
  status: 201,
  body: z.object({
    collection: z.coerce.number().int().positive(),
    separators: z.preprocess((value) => [value ?? []].flat(), z.array(z.string())),
  }),
  files: { file: { required: false, description: 'The document.' } },
  response: z.object({ id: z.int() }),
  verb: 'createDocument',
  job: { kind: 'ingest', always: true, applies: (files) => files['file'] !== undefined },
  toCore: ({ collection, separators }, { files }) => ({
    collectionId: collection,
    file: files['file'] ?? null,
    name: separators.join('|'),
    splitter: {
      chunkSize: 1,
      chunkMinSize: 0,
      chunkOverlap: 0,
      separators,
      isSeparatorRegex: false,
      preset: 'markdown',
      disableChunking: false,
    },
    metadata: null,
  }),
  fromCore: ({ id }) => ({ id }),
});

const getCollection = endpoint({
  method: 'GET',
  path: '/echo/collections/:id',
  permission: 'use',
  tag: 'Echo',
  summary: 'Reads a number from the path and two from the query',
  params: z.object({ id: z.coerce.number().int().positive() }),
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(10) }),
  response: z.object({ id: z.int(), limit: z.int() }),
  verb: 'getCollection',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: ({ id }, _body, { query }) => ({ id, limit: query.limit }),
});

const deleteCollection = endpoint({
  method: 'DELETE',
  path: '/echo/collections/:id',
  permission: 'use',
  tag: 'Echo',
  summary: 'Answers nothing',
  status: 204,
  params: z.object({ id: z.coerce.number().int().positive() }),
  response: null,
  verb: 'deleteCollection',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: () => null,
});

const listUsers = endpoint({
  method: 'GET',
  path: '/echo/users',
  permission: 'admin',
  tag: 'Echo',
  summary: 'For administrators',
  response: z.object({ total: z.int() }),
  verb: 'listUsers',
  toCore: () => ({
    roleId: null,
    organizationId: null,
    email: null,
    offset: 0,
    limit: 1,
    orderBy: 'id' as const,
    direction: 'asc' as const,
  }),
  fromCore: ({ total }) => ({ total }),
});

/** A small API of every kind of endpoint, with an error shape of its own, so that tests do not lean on a real one. */
export const echo: Dialect = {
  name: 'echo',
  endpoints: [embed, echoChat, createDocument, getCollection, deleteCollection, listUsers],
  owns: (path) => path.startsWith('/echo/'),
  renderError: (error, requestId) => ({
    status: error.status,
    headers: { 'x-echo': 'error' },
    body: { echo: error.code, message: error.publicMessage, param: error.param, requestId },
  }),
};
