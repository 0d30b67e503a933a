import type { JobWatch } from '../../adapters/mongo/job-watch.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import { mayRead, ownerOf } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTerminal, type Job } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';

const eventPageSize = 500;
/** A live reader looks again after this long even if nobody wakes it. */
const maxQuietMs = 30_000;

type Reading = Pick<Verbs, 'getJob' | 'listJobs' | 'waitForJob' | 'followJob'>;

/** Reading jobs: once, until they change, and event by event. */
export function createJobReading(deps: { jobs: JobRepository; jobWatch: JobWatch; clock: { now(): number } }): Reading {
  return {
    getJob: ({ id }, call) => findJob(deps.jobs, id, call),

    async listJobs(page, call) {
      return deps.jobs.list(ownerOf(call.principal, 'jobs'), page);
    },

    async waitForJob({ id, afterSequence, until, timeoutMs }, call) {
      const givesUpAt = deps.clock.now() + timeoutMs;
      for (;;) {
        const job = await findJob(deps.jobs, id, call);
        const changed = until === 'change' && job.lastSequence > afterSequence;
        const leftMs = givesUpAt - deps.clock.now();
        if (changed || isTerminal(job.status) || leftMs <= 0 || call.signal.aborted) return job;
        await deps.jobWatch.wait(id, Math.max(afterSequence, job.lastSequence), leftMs, call.signal);
      }
    },

    async *followJob({ id, afterSequence }, call) {
      let position = afterSequence;
      while (!call.signal.aborted) {
        const job = await findJob(deps.jobs, id, call);
        const events = await deps.jobs.events(job.ownerId, job, position, eventPageSize);
        for (const event of events) {
          yield event;
          position = event.sequence;
        }
        if (isTerminal(job.status) && position >= job.lastSequence) return;
        if (events.length === 0) await deps.jobWatch.wait(id, position, maxQuietMs, call.signal);
      }
    },
  };
}

/** The caller's job. Somebody else's is as unknown as one that never was. */
export async function findJob(jobs: JobRepository, id: string, call: Call): Promise<Job> {
  const job = call.principal.kind === 'user' ? await jobs.find(call.principal.userId, id) : null;
  if (!job || !mayRead(call.principal, job)) throw new GatewayError('not_found', `Job ${id} not found.`);
  return job;
}
