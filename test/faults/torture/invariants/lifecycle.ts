/** I1 and I2: no job is lost, none is made twice, and each lives one legal life that never changes once it is over. */
import { isTerminal, type JobStatus, mayBecome } from '../../../../src/core/job.ts';
import type { StoredEvent, StoredJob } from '../final-state.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';
import { breakerMs, during } from './trouble.ts';

/** Every acknowledged job reaches exactly one terminal state, and is never unknown before it expires. */
export function nothingLost(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I1', about, what });
  for (const [operation, jobIds] of evidence.accepted) {
    if (jobIds.size > 1) fault(operation, `was accepted as ${jobIds.size} jobs: ${[...jobIds].join(', ')}`);
  }
  for (const { operation, jobId } of acceptedJobs(evidence)) {
    if (evidence.deleted.has(jobId)) continue;
    evidence.judged('I1', 'jobs');
    const job = evidence.jobs.get(jobId);
    if (!job) fault(operation, `job ${jobId} was accepted and is not there`);
    else if (!isTerminal(job.status)) fault(operation, `job ${jobId} is still ${job.status}`);
    const view = evidence.views.get(jobId);
    if (view && view.getStatus !== 200) fault(operation, `reading job ${jobId} answers ${view.getStatus}`);
  }
  for (const [key, jobs] of grouped(evidence.state.jobs, (job) => job.idempotencyKey ?? job.id)) {
    if (jobs.length > 1) fault(key, `made ${jobs.length} jobs`);
  }
  for (const entry of evidence.entries) {
    if (entry.type !== 'refused' || entry.status !== 404 || !entry.request.includes(':job')) continue;
    // Of a deletion that is repeated because its answer was lost, this is the answer.
    if (entry.request.startsWith('DELETE')) continue;
    if (evidence.kinds.get(entry.operation) !== 'foreign') fault(entry.operation, `${entry.request} answered 404`);
  }
  return found;
}

/** What was deleted is to be found nowhere, and does not come back. */
export function deletedIsGone({ state, jobs, events, views, deleted, judged }: Evidence): Violation[] {
  judged('I1', 'deleted jobs', deleted.size);
  const listed = new Set(state.lists.flatMap(({ jobIds }) => jobIds));
  return [...deleted].flatMap((jobId) => {
    const traces = [
      ...(jobs.has(jobId) ? ['is kept'] : []),
      ...(events.has(jobId) ? ['has events'] : []),
      ...(listed.has(jobId) ? ['is listed'] : []),
      ...(views.get(jobId)?.getStatus === 404 ? [] : [`answers ${views.get(jobId)?.getStatus}`]),
    ];
    return traces.map((what) => ({ invariant: 'I1', about: jobId, what: `was deleted and ${what}` }));
  });
}

/** A vendor that cannot be reached while a job's attempts last is no fault of ours. */
const upstreamFaults = new Set(['upstream_error', 'upstream_timeout', 'overloaded']);

function vendorWasCut({ troubles }: Evidence, job: StoredJob): boolean {
  const graceMs = job.errorCode === 'overloaded' ? breakerMs : 0;
  const meanwhile = during(troubles, job.createdAt, job.completedAt ?? Number.POSITIVE_INFINITY, graceMs);
  return meanwhile.some(({ target }) => target === 'gateway-provider');
}

/** What a job that nobody disturbs for good must become: failures of a run that ends well are failures of ours. */
export function nothingFailed(evidence: Evidence): Violation[] {
  return acceptedJobs(evidence).flatMap(({ operation, jobId }) => {
    const job = evidence.jobs.get(jobId);
    const mayBeCancelled = ['cancel', 'cancelled-batch'].includes(evidence.kinds.get(operation) ?? '');
    if (!job || !isTerminal(job.status) || job.status === 'completed') return [];
    if (job.status === 'cancelled' && mayBeCancelled) return [];
    if (job.status === 'failed') evidence.judged('I1', `failed of ${job.errorCode}`);
    if (job.status === 'failed' && upstreamFaults.has(job.errorCode ?? '') && vendorWasCut(evidence, job)) return [];
    return [{ invariant: 'I1', about: operation, what: `job ${jobId} ended ${job.status} (${job.errorCode})` }];
  });
}

const statusAfter: Partial<Record<string, JobStatus>> = {
  'job.queued': 'queued',
  'job.started': 'in_progress',
  'job.cancelling': 'cancelling',
  'job.completed': 'completed',
  'job.failed': 'failed',
  'job.cancelled': 'cancelled',
  'job.expired': 'expired',
};

/** The log of every job is gapless, its order legal, and it ends with the one terminal event. */
export function legalLives({ state, events, judged }: Evidence): Violation[] {
  judged('I2', 'events', state.events.length);
  return state.jobs.flatMap((job) =>
    faultsOfLog(job, events.get(job.id) ?? []).map((what) => ({ invariant: 'I2', about: job.id, what })),
  );
}

function faultsOfLog(job: StoredJob, stored: readonly StoredEvent[]): string[] {
  const faults: string[] = [];
  const log = stored.toSorted((one, other) => one.sequence - other.sequence);
  // The first event is the job itself.
  for (const [index, { sequence }] of log.entries()) {
    if (sequence === index + 2) continue;
    faults.push(`event ${index + 2} is ${sequence < index + 2 ? 'doubled' : 'missing'}`);
    break;
  }
  if (log.length + 1 !== job.lastSequence) faults.push(`has ${log.length + 1} events and says ${job.lastSequence}`);
  let status: JobStatus = 'queued';
  for (const event of log) {
    if (isTerminal(status)) faults.push(`${event.type} came after it was ${status}`);
    const next = statusAfter[event.type];
    if (!next) continue;
    if (!isTerminal(status) && !mayBecome(status, next)) faults.push(`went from ${status} to ${next}`);
    status = next;
  }
  if (status !== job.status) faults.push(`is ${job.status}, and its log says ${status}`);
  return faults;
}

/** What readers were told never went backwards, and what they were told of an end stayed true. */
export function nothingTakenBack({ entries, jobs, judged }: Evidence): Violation[] {
  const found: Violation[] = [];
  const highest = new Map<string, number>();
  for (const entry of entries) {
    if (entry.type !== 'observed') continue;
    const { jobId, operation, status, sequence, result } = entry;
    judged('I2', 'looks at jobs');
    const fault = (what: string) => found.push({ invariant: 'I2', about: operation, what: `job ${jobId} ${what}` });
    if (sequence !== null) {
      const known = highest.get(jobId) ?? 0;
      if (sequence < known) fault(`went back from event ${known} to ${sequence}`);
      highest.set(jobId, Math.max(known, sequence));
    }
    const job = jobs.get(jobId);
    if (!job || !isTerminal(status)) continue;
    if (job.status !== status) fault(`was seen ${status} and is ${job.status}`);
    if (result !== null && job.result !== null && result !== job.result) fault('changed its result after its end');
  }
  return found;
}
