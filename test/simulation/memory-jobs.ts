/**
 * The jobs' store in memory, for the simulation: the same conditional updates as `adapters/mongo/jobs.ts`, each whole or
 * not at all. `test/conformance/job-store.test.ts` holds both to the same words.
 */
import type { JobMaintenance } from '../../src/adapters/mongo/job-maintenance.ts';
import type { JobRepository } from '../../src/adapters/mongo/jobs.ts';
import {
  deletedOutput,
  isTerminal,
  type Job,
  type JobEvent,
  type JobRef,
  type NewJobEvent,
  sourcesOf,
} from '../../src/core/job.ts';

interface Row {
  job: Job;
  fingerprint: string | null;
  dispatchedAt: number | null;
  unsettledSince?: number;
}

/** Called with every change of a job, before it is seen by anybody. */
export type OnWrite = (before: Job | null, after: Job | null, events: readonly JobEvent[]) => void;

export function createMemoryJobs(onWrite: OnWrite = () => undefined) {
  const rows = new Map<string, Row>();
  const logs = new Map<string, JobEvent[]>();
  const ids = new Set<string>();

  function find(ownerId: number, id: string): Row | undefined {
    const row = rows.get(id);
    return row?.job.ownerId === ownerId ? row : undefined;
  }

  function byKey(ownerId: number, key: string): Row | undefined {
    return [...rows.values()].find(({ job }) => job.ownerId === ownerId && job.idempotencyKey === key);
  }

  /** Changes the job and appends `events` in one step; null when it does not meet `condition`. */
  function change(
    ownerId: number,
    id: string,
    condition: (job: Job) => boolean,
    update: (job: Job) => Partial<Job>,
    events: readonly NewJobEvent[],
    now: number,
  ): Job | null {
    const row = find(ownerId, id);
    if (!row || !condition(row.job)) return null;
    const before = row.job;
    const lastSequence = before.lastSequence + events.length;
    const after: Job = { ...before, ...update(before), lastSequence, updatedAt: now };
    const added = events.map((event, index) => ({
      ...structuredClone(event),
      jobId: id,
      sequence: before.lastSequence + 1 + index,
      createdAt: now,
    }));
    onWrite(before, after, added);
    row.job = after;
    if (isTerminal(after.status) && after.status !== 'completed') row.unsettledSince = now;
    logs.set(id, [...(logs.get(id) ?? []), ...added]);
    return structuredClone(after);
  }

  const isRunning = (run: number) => (job: Job) =>
    job.run === run && (job.status === 'in_progress' || job.status === 'cancelling');

  const jobs: JobRepository = {
    async find(ownerId, id) {
      const row = find(ownerId, id);
      return row ? structuredClone(row.job) : null;
    },

    async accept(job, fingerprint) {
      const earlier = job.idempotencyKey === null ? undefined : byKey(job.ownerId, job.idempotencyKey);
      if (earlier) return { job: structuredClone(earlier.job), isNew: false, fingerprint: earlier.fingerprint };
      if (rows.has(job.id)) throw new Error(`duplicate key: ${job.id}`);
      onWrite(null, job, []);
      rows.set(job.id, { job: structuredClone(job), fingerprint, dispatchedAt: null });
      ids.add(job.id);
      return { job, isNew: true, fingerprint };
    },

    async findByKey(ownerId, idempotencyKey) {
      const row = byKey(ownerId, idempotencyKey);
      return row ? { job: structuredClone(row.job), fingerprint: row.fingerprint } : null;
    },

    async move(ownerId, id, { to, set = {}, increment = {}, tryAt, begunAt, now }) {
      return change(
        ownerId,
        id,
        (job) =>
          sourcesOf(to).includes(job.status) &&
          isBefore(job.lastTryAt, tryAt) &&
          (begunAt === undefined || job.startedAt === begunAt),
        (job) => ({
          ...(set as Partial<Job>),
          ...(tryAt !== undefined && { lastTryAt: tryAt }),
          status: to,
          run: job.run + (increment.run ?? 0),
          attempts: job.attempts + (increment.attempts ?? 0),
        }),
        begunAt != null ? [] : [{ type: to === 'in_progress' ? 'job.started' : 'job.cancelling', data: {} }],
        now,
      );
    },

    async end(ownerId, id, run, ending, now) {
      return change(
        ownerId,
        id,
        (job) => sourcesOf(ending.status).includes(job.status) && (run === null || job.run === run),
        () => ({ ...structuredClone(ending), completedAt: now }),
        [{ type: `job.${ending.status}`, data: {} }],
        now,
      );
    },

    async cancelQueued(ownerId, id, expiresAt, now) {
      return change(
        ownerId,
        id,
        (job) => job.status === 'queued',
        () => ({ status: 'cancelled', cancelRequestedAt: now, completedAt: now, expiresAt }),
        [{ type: 'job.cancelled', data: {} }],
        now,
      );
    },

    async report(ownerId, id, run, { events, progress }, now) {
      if (!progress) return change(ownerId, id, isRunning(run), () => ({}), events, now);
      const isAhead = ({ progress: earlier }: Job) =>
        earlier === null || (earlier.percent ?? -1) <= (progress.percent ?? -1);
      const told = change(
        ownerId,
        id,
        (job) => isRunning(run)(job) && isAhead(job),
        () => ({ progress: { ...progress, updatedAt: now } }),
        events,
        now,
      );
      if (told) return told;
      const others = events.filter((event) => event.type !== 'job.progress');
      return others.length === 0 ? null : change(ownerId, id, isRunning(run), () => ({}), others, now);
    },

    async recordFailure(ownerId, id, run, lastError, now) {
      return change(
        ownerId,
        id,
        isRunning(run),
        () => ({ lastError }),
        [{ type: 'job.attempt_failed', data: {} }],
        now,
      );
    },

    async markSettled(ownerId, id) {
      const row = find(ownerId, id);
      if (row) delete row.unsettledSince;
    },

    async noteBatch() {
      throw new Error('there are no batches in the simulation');
    },

    async recordWebhook(ownerId, id, { status, attempts }) {
      const row = find(ownerId, id);
      if (row?.job.webhook) row.job = { ...row.job, webhook: { ...row.job.webhook, status, attempts } };
    },

    async events(ownerId, job, afterSequence, limit) {
      const stored = (find(ownerId, job.id) ? (logs.get(job.id) ?? []) : [])
        .filter(({ sequence }) => sequence > afterSequence)
        .slice(0, limit);
      if (afterSequence >= 1) return structuredClone(stored);
      const first: JobEvent = { jobId: job.id, sequence: 1, type: 'job.queued', createdAt: job.createdAt, data: {} };
      return [first, ...structuredClone(stored)];
    },

    async list(ownerId, { limit, order }) {
      const own = [...rows.values()].map(({ job }) => job).filter((job) => job.ownerId === ownerId);
      const sorted = own.toSorted((a, b) => (a.id < b.id === (order === 'asc') ? -1 : 1));
      return { jobs: structuredClone(sorted.slice(0, limit)), hasMore: sorted.length > limit };
    },

    async openForDocument(ownerId, documentId) {
      const own = [...rows.values()].map(({ job }) => job).filter((job) => job.ownerId === ownerId);
      return structuredClone(own.filter((job) => job.subject?.documentId === documentId && job.completedAt === null));
    },

    async openInputs(ownerId) {
      const own = [...rows.values()].map(({ job }) => job).filter((job) => job.ownerId === ownerId);
      return structuredClone(own.flatMap(({ batch, completedAt }) => (completedAt === null && batch ? batch : [])));
    },

    async remove(ownerId, id) {
      const row = find(ownerId, id);
      if (!row || !isTerminal(row.job.status)) return false;
      onWrite(row.job, null, []);
      rows.delete(id);
      logs.delete(id);
      return true;
    },
  };

  function page(condition: (row: Row) => boolean, cursor: string | null, limit: number): Job[] {
    const found = [...rows.values()].filter((row) => condition(row) && (cursor === null || row.job.id > cursor));
    const sorted = found.map(({ job }) => job).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return sorted.slice(0, limit).map((job) => structuredClone(job));
  }

  const maintenance: JobMaintenance = {
    async undispatched(before, cursor, limit) {
      const isWaiting = ({ job, dispatchedAt }: Row) =>
        job.status === 'queued' && dispatchedAt === null && job.createdAt <= before;
      return page(isWaiting, cursor, limit);
    },

    async markDispatched(ids, now) {
      for (const id of ids) {
        const row = rows.get(id);
        if (row) row.dispatchedAt = now;
      }
    },

    async stale({ before, queuedBefore }, cursor, limit) {
      const isQuiet = ({ job }: Row) =>
        job.completedAt === null && job.updatedAt < (job.status === 'queued' ? queuedBefore : before);
      const isUncancelled = ({ job }: Row) =>
        job.status === 'cancelling' && job.cancelRequestedAt !== null && job.cancelRequestedAt < before;
      return page((row) => isQuiet(row) || isUncancelled(row), cursor, limit);
    },

    async overdue(now, cursor, limit) {
      const isLate = ({ job }: Row) => job.completedAt === null && job.deadlineAt !== null && job.deadlineAt < now;
      return page(isLate, cursor, limit);
    },

    async unsettled(before, limit) {
      return page(({ unsettledSince }) => unsettledSince !== undefined && unsettledSince < before, null, limit);
    },

    async expired(now, limit) {
      const isOver = ({ job }: Row) => !job.resultDeleted && job.expiresAt !== null && job.expiresAt < now;
      return page(isOver, null, limit).map(toRef);
    },

    async dropResult(ownerId, id) {
      const row = find(ownerId, id);
      if (!row) return;
      const after = { ...row.job, result: null, resultDeleted: true };
      onWrite(row.job, after, []);
      row.job = after;
      const kept = (line: JobEvent) => (line.type === 'job.output' ? { ...line, data: { ...deletedOutput } } : line);
      logs.set(id, (logs.get(id) ?? []).map(kept));
    },

    async forgettable(completedBefore, limit) {
      const isOld = ({ job }: Row) => job.completedAt !== null && job.completedAt < completedBefore;
      return page(isOld, null, limit).map(toRef);
    },

    async find(id) {
      return structuredClone(rows.get(id)?.job ?? null);
    },

    async lastSequences(ids) {
      return new Map(
        ids.flatMap((id) => {
          const row = rows.get(id);
          return row ? [[id, row.job.lastSequence] as const] : [];
        }),
      );
    },

    async lasting(ids, endedBefore) {
      const lasts = ({ job }: Row) => job.completedAt === null || job.completedAt >= endedBefore;
      return new Set(
        ids.filter((id) => {
          const row = rows.get(id);
          return row !== undefined && lasts(row);
        }),
      );
    },

    async countOpen() {
      const counts = { queued: 0, in_progress: 0, cancelling: 0 };
      for (const { job } of rows.values()) if (!isTerminal(job.status)) counts[job.status] += 1;
      return counts;
    },

    watchEvents() {
      throw new Error('nobody watches in the simulation');
    },
  };

  return {
    jobs,
    maintenance,
    everAccepted: (id: string) => ids.has(id),
    /** All there are, for the checks at the end. */
    all: () => [...rows.values()].map(({ job }) => job),
    log: (id: string): readonly JobEvent[] => logs.get(id) ?? [],
  };
}

function isBefore(lastTryAt: number | null, tryAt: number | undefined): boolean {
  return tryAt === undefined || lastTryAt === null || lastTryAt < tryAt;
}

function toRef({ id, ownerId }: Job): JobRef {
  return { jobId: id, ownerId };
}
