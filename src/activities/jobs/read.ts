import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { JobWatch } from '../../adapters/mongo/job-watch.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import { has, mayRead, ownerOf } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTerminal, type Job, type JobEvent, terminalStatuses } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';

const eventPageSize = 500;
/** A live reader looks again after this long even if nobody wakes it. */
const maxQuietMs = 30_000;

/** As much of a job as a reader of its events keeps: there are thousands of readers. */
interface Standing {
  id: string;
  ownerId: number;
  createdAt: number;
  lastSequence: number;
  hasEnded: boolean;
}

type Reading = Pick<Verbs, 'getJob' | 'inspectJob' | 'listJobs' | 'waitForJob' | 'followJob'>;

interface ReadingDependencies {
  jobs: JobRepository;
  jobMaintenance: Pick<JobMaintenance, 'find'>;
  jobWatch: JobWatch;
  clock: { now(): number };
}

/** Reading jobs: once, until they change, and event by event. */
export function createJobReading(deps: ReadingDependencies): Reading {
  const pages = new Map<string, Promise<JobEvent[]>>();

  /** Readers who were woken by the same event, and stand at the same place, read on together. */
  function page(job: Standing, position: number, newest: number | null): Promise<JobEvent[]> {
    const read = () => deps.jobs.events(job.ownerId, job, position, eventPageSize);
    if (newest === null) return read();
    const key = `${job.id}:${position}:${newest}`;
    const known = pages.get(key);
    if (known) return known;
    const shared = read().finally(() => pages.delete(key));
    pages.set(key, shared);
    return shared;
  }

  async function standingOf(jobId: string, call: Call): Promise<Standing> {
    const { id, ownerId, createdAt, lastSequence, status } = await findJob(deps.jobs, jobId, call);
    return { id, ownerId, createdAt, lastSequence, hasEnded: isTerminal(status) };
  }

  return {
    getJob: ({ id }, call) => findJob(deps.jobs, id, call),

    async inspectJob({ id }, call) {
      const job = has(call.principal, 'admin') ? await deps.jobMaintenance.find(id) : null;
      return job ?? unknown(id);
    },

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
      let newest: number | null = null;
      let job = await standingOf(id, call);
      while (!call.signal.aborted) {
        const events = await page(job, position, newest);
        for (const event of events) {
          yield event;
          position = event.sequence;
          if (endsJob(event)) return;
        }
        if (job.hasEnded && position >= job.lastSequence) return;
        if (events.length === eventPageSize) continue;
        // What was heard of and is not there was deleted: it is not waited for again.
        const behind = events.length === 0 ? Math.max(position, newest ?? 0) : position;
        newest = await deps.jobWatch.wait(id, behind, maxQuietMs, call.signal);
        // Nobody said anything of it for long: it may be gone.
        if (newest === null && !call.signal.aborted) job = await standingOf(id, call);
      }
    },
  };
}

/** The caller's job. Somebody else's is as unknown as one that never was. */
export async function findJob(jobs: JobRepository, id: string, call: Call): Promise<Job> {
  const job = call.principal.kind === 'user' ? await jobs.find(call.principal.userId, id) : null;
  if (!job || !mayRead(call.principal, job)) unknown(id);
  return job;
}

function unknown(id: string): never {
  throw new GatewayError('not_found', `Job ${id} not found.`);
}

function endsJob({ type }: JobEvent): boolean {
  return terminalStatuses.some((status) => type === `job.${status}`);
}
