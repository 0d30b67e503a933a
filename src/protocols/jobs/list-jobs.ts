import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { type JobPage, jobStatuses } from '../../core/job.ts';
import { nestBrackets } from './nest-brackets.ts';
import { presentJobInList } from './present-job.ts';
import { jobId, jobSchema, metadata } from './schemas.ts';

const status = z.enum(jobStatuses);
const unixSeconds = z.coerce.number().int().nonnegative();

const filters = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc').describe('By time of creation.'),
  after: jobId.optional().describe('Answers the jobs that follow this one in the chosen order.'),
  before: jobId.optional().describe('Answers the jobs that precede this one in the chosen order.'),
  status: z
    .union([status, z.array(status)])
    .optional()
    .describe('May be repeated.'),
  endpoint: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  created_after: unixSeconds.optional(),
  created_before: unixSeconds.optional(),
  metadata: metadata.optional().describe('Written as `metadata[key]=value`; all pairs must match.'),
  idempotency_key: z.string().min(1).optional(),
});

export const listJobs = endpoint({
  method: 'GET',
  path: '/v1/jobs',
  permission: 'use',
  tag: 'Jobs',
  summary: "List the caller's jobs",
  query: z.preprocess(nestBrackets, filters),
  response: z.object({
    object: z.literal('list'),
    data: z.array(jobSchema),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  }),
  verb: 'listJobs',
  toCore: (_body, { query }): JobPage => ({
    filter: {
      kind: null,
      statuses: [query.status ?? []].flat(),
      endpoint: query.endpoint ?? null,
      model: query.model ?? null,
      createdAfter: milliseconds(query.created_after),
      createdBefore: milliseconds(query.created_before),
      metadata: query.metadata ?? {},
      idempotencyKey: query.idempotency_key ?? null,
    },
    limit: query.limit,
    order: query.order,
    after: query.after ?? null,
    before: query.before ?? null,
  }),
  fromCore: ({ jobs, hasMore }) => ({
    object: 'list',
    data: jobs.map(presentJobInList),
    first_id: jobs.at(0)?.id ?? null,
    last_id: jobs.at(-1)?.id ?? null,
    has_more: hasMore,
  }),
});

function milliseconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1000;
}
