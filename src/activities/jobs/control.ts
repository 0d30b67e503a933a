import type { BatchRepository } from '../../adapters/mongo/batches.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Workflows } from '../../adapters/temporal/client.ts';
import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Logger } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { assertThat } from '../../core/errors.ts';
import { isTerminal, type Job } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { JobWebhook } from '../../core/webhook.ts';
import type { Admissions } from '../admissions.ts';
import { asExpired, holdBlobsOfUnbegun, releaseAll } from './held-blobs.ts';
import { findJob } from './read.ts';
import { settle } from './settle.ts';
import { endpointOf, restoreRequest } from './stored-request.ts';

export interface ControlDependencies {
  config: Pick<Config, 'jobs'>;
  clock: { now(): number };
  log: Logger;
  jobs: JobRepository;
  batches: Pick<BatchRepository, 'remove'>;
  blobs: BlobStore;
  workflows: Workflows;
  admissions: Admissions;
  submitJob: Verbs['submitJob'];
}

type Control = Pick<Verbs, 'cancelJob' | 'retryJob' | 'deleteJob'>;

/** What a caller may do to a job that exists. */
export function createJobControl(deps: ControlDependencies): Control {
  return {
    async cancelJob({ id }, call) {
      const job = await findJob(deps.jobs, id, call);
      if (isTerminal(job.status)) return job;
      if (job.status === 'cancelling') {
        await sendCancellation(job);
        return job;
      }
      return (await cancelQueued(job)) ?? (await cancelRunning(job)) ?? findJob(deps.jobs, id, call);
    },

    async retryJob({ id }, call) {
      const job = await findJob(deps.jobs, id, call);
      assertThat(isTerminal(job.status), 'job_not_terminal', `Job ${id} has not ended; cancel it first.`);
      const request = await restoreRequest(deps.blobs, job).catch((error: unknown) => {
        throw asExpired(error, job);
      });
      const endpoint = endpointOf(job.request.operation);
      const { job: again } = await deps.submitJob(
        {
          kind: job.kind,
          request: job.request,
          input: endpoint.toCore(request.body, request),
          endpoint: job.endpoint,
          model: job.model,
          metadata: job.metadata,
          idempotencyKey: null,
          deadlineAt: null,
          webhook: webhookOf(job),
          retriedFrom: job,
        },
        call,
      );
      return again;
    },

    async deleteJob({ id }, call) {
      const ownerId = ownerOf(call.principal, 'jobs');
      const job = await findJob(deps.jobs, id, call);
      assertThat(isTerminal(job.status), 'job_not_terminal', `Job ${id} has not ended; cancel it first.`);
      await releaseAll(deps, ownerId, id);
      crashPoint('delete.released.before_remove');
      await deps.jobs.remove(ownerId, id);
    },
  };

  /** A job that nobody has begun ends here and now; its workflow, if one comes up later, finds nothing to do. */
  async function cancelQueued(job: Job): Promise<Job | null> {
    if (job.status !== 'queued') return null;
    await holdBlobsOfUnbegun(deps.blobs, job);
    const now = deps.clock.now();
    const expiresAt = now + deps.config.jobs.resultRetentionMs;
    const ended = await deps.jobs.cancelQueued(job.ownerId, job.id, expiresAt, now);
    if (ended) await settle(deps, ended);
    return ended;
  }

  /** The flag first: the reconciler sends the cancellation again if the engine is away now. */
  async function cancelRunning(job: Job): Promise<Job | null> {
    const now = deps.clock.now();
    const cancelling = await deps.jobs.move(job.ownerId, job.id, {
      to: 'cancelling',
      set: { cancelRequestedAt: now },
      now,
    });
    crashPoint('cancel.flagged.before_cancellation');
    if (cancelling) await sendCancellation(cancelling);
    return cancelling;
  }

  async function sendCancellation({ id }: Job): Promise<void> {
    await deps.workflows
      .cancel(id)
      .catch((error: unknown) => deps.log.warn({ err: error, jobId: id }, 'cancellation not delivered yet'));
  }
}

/** Whom the job was to tell, as its caller named them. */
function webhookOf({ webhook }: Job): JobWebhook | null {
  return webhook && { url: webhook.url, events: webhook.events, payload: webhook.payload };
}
