/** I6, I7, I8 and I9: one document per job, nothing after a cancellation, no foreign thing, no error without a code. */
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';
import { during, type Trouble } from './trouble.ts';

/** One document per job, and of each as many entries in the index as it has chunks. */
export function oneDocumentPerJob(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I6', about, what });
  const byJob = grouped(evidence.state.documents, ({ jobId }) => jobId ?? '');
  for (const { operation, jobId } of acceptedJobs(evidence)) {
    if (evidence.kinds.get(operation) !== 'document') continue;
    const documents = byJob.get(jobId) ?? [];
    evidence.judged('I6', 'documents');
    if (documents.length !== 1) fault(operation, `job ${jobId} made ${documents.length} documents`);
    for (const { id, status, chunks, indexed } of documents) {
      if (evidence.jobs.get(jobId)?.status !== 'completed') continue;
      if (status !== 'completed') fault(operation, `document ${id} is ${status} though its job completed`);
      if (chunks === 0) fault(operation, `document ${id} has no chunk`);
      if (indexed !== chunks) fault(operation, `document ${id} has ${chunks} chunks and ${indexed} in the index`);
    }
  }
  for (const [name, documents] of grouped(evidence.state.documents, ({ name }) => name)) {
    if (documents.length > 1) fault(name, `is there ${documents.length} times`);
  }
  return found;
}

const graceMs = 2_000;
/** A worker that hung cannot know what happened meanwhile, and one that was cut off has not heard of it. */
const keepsWorkersIgnorant = new Set(['worker-mongodb', 'worker-temporal', 'mongodb', 'temporal']);
/** It may finish what it was at once it can know better, but not much later; */
const ignoranceGraceMs = 5_000;
/** and however long it was kept from it, not that much later. */
const maxLateMs = 60_000;

function keptFromKnowing({ target, kind }: Trouble): boolean {
  return keepsWorkersIgnorant.has(target) || (kind === 'frozen' && target.startsWith('worker-'));
}

/** After `cancelled` no call goes out. That no event follows is for the log to say (I2). */
export function nothingAfterCancellation(evidence: Evidence): Violation[] {
  // Those of a batch's lines are those of the batch.
  const calls = grouped(evidence.state.provider, ({ operation }) => (operation ?? '').replace(/-l\d+$/, ''));
  const ignorance = evidence.troubles.filter(keptFromKnowing);
  return acceptedJobs(evidence).flatMap(({ operation, jobId }) => {
    const job = evidence.jobs.get(jobId);
    if (job?.status !== 'cancelled' || job.completedAt === null) return [];
    const endedAt = job.completedAt;
    evidence.judged('I7', 'cancellations');
    return (calls.get(operation) ?? []).flatMap(({ at }) => {
      const lateMs = at - endedAt;
      if (lateMs <= graceMs) return [];
      const isExcused =
        lateMs <= maxLateMs && during(ignorance, endedAt, at).some(({ to }) => at <= to + ignoranceGraceMs);
      evidence.judged('I7', isExcused ? 'late calls of the cut off' : 'late calls');
      return isExcused
        ? []
        : [{ invariant: 'I7', about: operation, what: `a call went out ${lateMs} ms after it was cancelled` }];
    });
  });
}

/**
 * Somebody else's job is a 404 at each of its doors. Callers insist until they have an answer, so that an outage hides
 * nothing: a look without one has shown nothing.
 */
export function foreignJobsAreUnknown({ entries, kinds, judged }: Evidence): Violation[] {
  const over = new Set(
    entries.flatMap((entry) => (entry.type === 'ok' || entry.type === 'fail' ? entry.operation : [])),
  );
  return entries.flatMap((entry) => {
    if ((entry.type !== 'invoke' && entry.type !== 'ok') || kinds.get(entry.operation) !== 'foreign') return [];
    if (entry.type === 'invoke' && !over.has(entry.operation))
      return [{ invariant: 'I8', about: entry.operation, what: "never learned of another tenant's job" }];
    if (entry.type !== 'ok') return [];
    judged('I8', 'looks at foreign jobs');
    if (entry.data?.['status'] === 404) return [];
    const what = `${entry.data?.['request']} of another tenant's job was answered ${entry.data?.['status']}`;
    return [{ invariant: 'I8', about: entry.operation, what }];
  });
}

/** Every job is its caller's, in the store and in the lists; no list has another tenant's. */
export function jobsAreTheirOwners({ state, jobs, accepted, owners }: Evidence): Violation[] {
  const fault = (about: string, what: string) => ({ invariant: 'I8', about, what });
  const stored = [...accepted].flatMap(([operation, ids]) =>
    [...ids].flatMap((id) => {
      const job = jobs.get(id);
      const owner = owners.get(operation);
      return !job || job.owner === owner
        ? []
        : [fault(operation, `job ${id} of tenant ${owner} is kept as that of tenant ${job.owner}`)];
    }),
  );
  const listed = state.lists.flatMap(({ owner, jobIds }) =>
    jobIds
      .filter((id) => jobs.get(id)?.owner !== owner)
      .map((id) => fault(id, `is listed to tenant ${owner} and is of tenant ${jobs.get(id)?.owner}`)),
  );
  return [...stored, ...listed];
}

/** Every failed call got a typed error or a closed socket; none was our own fault; with its key it was resolved. */
export function errorsAreTyped({ entries, kinds }: Evidence): Violation[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'refused') {
      const about = entry.operation;
      if (!entry.isTyped)
        return [{ invariant: 'I9', about, what: `${entry.request} answered ${entry.status} without a code` }];
      if (entry.status === 500)
        return [{ invariant: 'I9', about, what: `${entry.request} answered 500 ${entry.code}` }];
      return [];
    }
    const kind = entry.type === 'fail' ? kinds.get(entry.operation) : undefined;
    if (entry.type !== 'fail' || kind === undefined || !submitted.has(kind)) return [];
    return [{ invariant: 'I9', about: entry.operation, what: `was not resolved by its key: ${entry.reason}` }];
  });
}

const submitted = new Set(['job', 'streamed-job', 'deleted-job', 'document', 'batch', 'cancelled-batch', 'cancel']);
