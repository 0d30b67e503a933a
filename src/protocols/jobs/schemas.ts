import { z } from 'zod';
import { jobStatuses, metadataLimits } from '../../core/job.ts';
import { jobIdPattern } from '../../core/job-id.ts';
import { webhookPayloads } from '../../core/webhook.ts';

const unixSeconds = z.int().nonnegative();
const maybeTime = unixSeconds.nullable();

/** Any text is looked up; one that cannot be a job id is answered like a job that is not there. */
export const jobParams = z.object({ id: z.string() });

export const jobId = z.string().regex(jobIdPattern);

/** A caller's own labels. */
export const metadata = z
  .record(z.string().max(metadataLimits.maxKeyLength), z.string().max(metadataLimits.maxValueLength))
  .refine((pairs) => Object.keys(pairs).length <= metadataLimits.maxPairs, {
    error: `Expected at most ${metadataLimits.maxPairs} pairs.`,
  });

const jobError = z.object({
  type: z.string(),
  code: z.string(),
  message: z.string(),
  param: z.string().nullable(),
  retryable: z.boolean().describe('Whether submitting the same request again can help.'),
});

export const jobSchema = z
  .object({
    id: z.string(),
    object: z.literal('job'),
    endpoint: z.string().describe('Path of the call that runs as this job.'),
    type: z.string().describe('What the call makes, e.g. `embedding`.'),
    model: z.string().nullable(),
    status: z.enum(jobStatuses),
    created_at: unixSeconds,
    queued_at: maybeTime,
    started_at: maybeTime,
    completed_at: maybeTime,
    failed_at: maybeTime,
    cancelled_at: maybeTime,
    expired_at: maybeTime,
    cancel_requested_at: maybeTime,
    deadline_at: maybeTime.describe('When the work must be done.'),
    expires_at: maybeTime.describe('When the result is deleted.'),
    progress: z
      .object({
        percent: z.number().min(0).max(100).nullable(),
        stage: z.string(),
        completed: z.number(),
        total: z.number().nullable(),
        message: z.string().nullable(),
        updated_at: unixSeconds,
      })
      .nullable(),
    request_counts: z
      .object({ total: z.int(), completed: z.int(), failed: z.int() })
      .nullable()
      .describe('Of a job of many lines.'),
    attempts: z.int(),
    max_attempts: z.int(),
    last_error: jobError.nullable(),
    result: z
      .object({ status_code: z.int(), headers: z.record(z.string(), z.string()), body: z.unknown() })
      .nullable()
      .describe('What the call would have answered. Null in lists, and when it is stored as a file: see `result_url`.'),
    result_file_id: z.string().nullable(),
    result_url: z.string().nullable(),
    result_bytes: z.int().nullable(),
    result_sha256: z.string().nullable(),
    error: jobError.nullable(),
    metadata: z.record(z.string(), z.string()),
    idempotency_key: z.string().nullable(),
    request_id: z.string(),
    retried_from: z.string().nullable(),
    webhook: z
      .object({
        url: z.string(),
        events: z.array(z.string()),
        payload: z.enum(webhookPayloads),
        status: z
          .enum(['waiting', 'pending', 'delivered', 'failed'])
          .describe('Of the message about the end: `waiting` until there is one.'),
        attempts: z.int(),
      })
      .nullable(),
    last_sequence_number: z.int(),
    owner_id: z
      .int()
      .optional()
      .describe(
        "Whose it is, where an administrator reads somebody else's. `metadata`, `idempotency_key`, `webhook`, the result " +
          'and the message of the progress are left out then.',
      ),
    links: z.object({
      self: z.string(),
      events: z.string(),
      cancel: z.string(),
      result: z.string(),
      workflow: z
        .string()
        .optional()
        .describe('In the UI of the workflow engine; for administrators who read one job.'),
    }),
  })
  .meta({ id: 'Job', description: 'A call that runs, or has run, on its own.' });
