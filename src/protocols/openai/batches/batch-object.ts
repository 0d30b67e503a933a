import { z } from 'zod';
import { type BatchFault, type BatchState, batchIdOf } from '../../../core/batch.ts';
import type { Job } from '../../../core/job.ts';

const time = z.int().nonnegative().nullable();
const count = z.int().nonnegative();

const statuses = [
  'validating',
  'failed',
  'in_progress',
  'finalizing',
  'completed',
  'expired',
  'cancelling',
  'cancelled',
] as const;

/** Either of the files is null when there is nothing in it. */
export const batchSchema = z
  .object({
    id: z.string(),
    object: z.literal('batch'),
    endpoint: z.string(),
    model: z.string().nullable().describe('Null where lines name several.'),
    errors: z
      .object({
        object: z.literal('list'),
        data: z.array(
          z.object({
            code: z.string(),
            line: z.int().nullable(),
            message: z.string(),
            param: z.string().nullable(),
          }),
        ),
      })
      .nullable(),
    input_file_id: z.string(),
    completion_window: z.string(),
    status: z.enum(statuses),
    output_file_id: z.string().nullable(),
    error_file_id: z.string().nullable(),
    created_at: z.int(),
    in_progress_at: time,
    expires_at: time,
    finalizing_at: time,
    completed_at: time,
    failed_at: time,
    expired_at: time,
    cancelling_at: time,
    cancelled_at: time,
    request_counts: z.object({ total: count, completed: count, failed: count }),
    usage: z.object({
      input_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.object({ reasoning_tokens: count }),
      total_tokens: count,
    }),
    metadata: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'Batch', description: 'Many calls by one file, as one job.' });

type PresentedBatch = z.input<typeof batchSchema>;

/** The job as OpenAI's batch. */
export function presentBatch(job: Job): PresentedBatch {
  const { batch } = job;
  if (!batch) throw new Error(`job ${job.id} is no batch`);
  const { usage } = batch;
  const errors = errorsOf(job, batch);
  const endedAs = (status: Job['status']) => (job.status === status ? seconds(job.completedAt) : null);
  return {
    id: batchIdOf(job.id),
    object: 'batch',
    endpoint: batch.target,
    model: batch.model,
    errors: errors.length === 0 ? null : { object: 'list', data: errors.map((error) => ({ ...error })) },
    input_file_id: batch.inputFileId,
    completion_window: batch.completionWindow,
    status: statusOf(job, batch),
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    created_at: Math.floor(job.createdAt / 1000),
    in_progress_at: seconds(batch.validatedAt),
    expires_at: seconds(job.deadlineAt),
    finalizing_at: seconds(batch.finalizingAt),
    completed_at: endedAs('completed'),
    failed_at: endedAs('failed'),
    expired_at: endedAs('expired'),
    cancelling_at: seconds(job.cancelRequestedAt),
    cancelled_at: endedAs('cancelled'),
    request_counts: { ...batch.counts },
    usage: {
      input_tokens: usage.promptTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens },
      output_tokens: usage.completionTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.promptTokens + usage.completionTokens,
    },
    metadata: Object.keys(job.metadata).length === 0 ? null : job.metadata,
  };
}

/** Faults of lines; of a batch that failed for another reason, that. */
function errorsOf({ status, error }: Job, { faults }: BatchState): readonly BatchFault[] {
  if (faults.length > 0 || status !== 'failed' || error === null) return faults;
  return [{ code: error.code, line: null, message: error.message, param: error.param }];
}

function statusOf({ status }: Job, { validatedAt, finalizingAt }: BatchState): PresentedBatch['status'] {
  if (status !== 'queued' && status !== 'in_progress') return status;
  if (validatedAt === null) return 'validating';
  return finalizingAt === null ? 'in_progress' : 'finalizing';
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000);
}
