import type { ClientSession, Connection, QueryFilter, UpdateQuery } from 'mongoose';
import type { BatchState } from '../../core/batch.ts';
import type { Progress } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { StoredError } from '../../core/errors.ts';
import {
  type Job,
  type JobEvent,
  type JobList,
  type JobPage,
  type JobResult,
  type JobStatus,
  kindsOfLines,
  type NewJobEvent,
  sourcesOf,
  type TerminalStatus,
  terminalStatuses,
} from '../../core/job.ts';
import type { JobWebhookState } from '../../core/webhook.ts';
import { audienceOf } from '../../core/webhooks/audience.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { createJobChange } from './job-change.ts';
import { jobFilter } from './job-filter.ts';
import { type JobModels, type JobRecord, toJob, withoutBodies } from './job-record.ts';
import type { WebhookOutbox } from './webhook-outbox.ts';

export interface Acceptance {
  job: Job;
  /** False when an earlier submission with the same key had already made the job. */
  isNew: boolean;
  fingerprint: string | null;
}

/** A move between states that are not the end; those are made by `end`. */
export interface Move {
  to: 'in_progress' | 'cancelling';
  set?: UpdateQuery<JobRecord>['$set'];
  increment?: { run?: number; attempts?: number };
  /** Made for the try that was scheduled then, unless a later one has made its own. */
  tryAt?: number;
  /** When the job was first begun, null for never, as its mover has read it: not made where that has changed since. */
  begunAt?: number | null;
  now: number;
}

export interface Ending {
  status: TerminalStatus;
  result: JobResult | null;
  error: StoredError | null;
  expiresAt: number;
}

/**
 * Jobs and their event log. Every change of state is one conditional update that names the states it may leave, made
 * in one transaction with its event and with what webhooks are owed of it: the log is gapless, a terminal job never
 * changes again, and nobody is told what did not happen.
 */
export function createJobRepository(connection: Connection, { Jobs, Events }: JobModels, outbox: WebhookOutbox) {
  async function find(ownerId: number, id: string): Promise<Job | null> {
    const record = await Jobs.findOne({ ownerId, _id: id }).lean<JobRecord>();
    return record && toJob(record);
  }

  const change = createJobChange(connection, { Jobs, Events }, outbox);

  /** A transaction only where somebody wants to be told: most jobs are one insert. */
  async function insert(record: JobRecord, job: Job): Promise<void> {
    const jobs = connection.collection<JobRecord>('jobs');
    const endpoints = await outbox.endpointsOf(job.ownerId);
    const line: JobEvent = queuedLine(job);
    const { isKept } = audienceOf(line, endpoints, job.webhook);
    if (!isKept) {
      await jobs.insertOne(record);
      return;
    }
    const owed = await connection.transaction(async (session: ClientSession) => {
      await jobs.insertOne(record, { session });
      const written = await outbox.tell(session, { job, lines: [line], answer: null, endpoints });
      crashPoint('webhook.acceptance_owed.before_commit');
      return written;
    });
    crashPoint('webhook.acceptance_committed.before_announce');
    outbox.announce(owed);
  }

  return {
    find,

    /** Durable when it returns. `job.lastSequence` must be 1: the first event is derived from the job itself. */
    async accept(job: Job, fingerprint: string | null): Promise<Acceptance> {
      const { id, ...rest } = job;
      try {
        await insert({ ...rest, _id: id, fingerprint, dispatchedAt: null, progressToldAt: null }, job);
        return { job, isNew: true, fingerprint };
      } catch (error) {
        if (!isDuplicateKey(error) || job.idempotencyKey === null) throw error;
        const record = await Jobs.findOne(byKey(job.ownerId, job.idempotencyKey)).lean<JobRecord>();
        if (!record) throw error;
        return { job: toJob(record), isNew: false, fingerprint: record.fingerprint };
      }
    },

    async findByKey(ownerId: number, idempotencyKey: string): Promise<{ job: Job; fingerprint: string | null } | null> {
      const record = await Jobs.findOne(byKey(ownerId, idempotencyKey)).lean<JobRecord>();
      return record && { job: toJob(record), fingerprint: record.fingerprint };
    },

    /** Makes one legal move, with the event it is first known by; null when the job may not make it (any more). */
    move(ownerId: number, id: string, move: Move): Promise<Job | null> {
      const { tryAt, begunAt } = move;
      const isLatest = tryAt !== undefined && { $or: [{ lastTryAt: null }, { lastTryAt: { $lt: tryAt } }] };
      const isAsRead = begunAt !== undefined && { startedAt: begunAt };
      const isToldAlready = begunAt != null;
      return change(
        { ownerId, id, status: { $in: sourcesOf(move.to) }, ...isLatest, ...isAsRead },
        {
          $set: { ...move.set, ...(tryAt !== undefined && { lastTryAt: tryAt }), status: move.to },
          $inc: { ...move.increment },
        },
        isToldAlready ? [] : [{ type: move.to === 'in_progress' ? 'job.started' : 'job.cancelling', data: {} }],
        move.now,
      );
    },

    /**
     * The terminal write: state, result, error and event at once. Null when somebody else was first. `answer` is the
     * body of the result, also where that is kept as a blob.
     */
    end(
      ownerId: number,
      id: string,
      run: number | null,
      ending: Ending,
      now: number,
      answer: unknown = ending.result?.body ?? null,
    ): Promise<Job | null> {
      const { status, ...set } = ending;
      const fenced = run === null ? {} : { run };
      return change(
        { ownerId, id, status: { $in: sourcesOf(status) }, ...fenced },
        { $set: { ...set, status, completedAt: now, ...(status !== 'completed' && { unsettledSince: now }) } },
        [{ type: `job.${status}`, data: {} }],
        now,
        answer,
      );
    },

    /** Ends a job that no worker has begun. Null when one has. */
    cancelQueued(ownerId: number, id: string, expiresAt: number, now: number): Promise<Job | null> {
      return change(
        { ownerId, id, status: 'queued' },
        { $set: { status: 'cancelled', cancelRequestedAt: now, completedAt: now, expiresAt, unsettledSince: now } },
        [{ type: 'job.cancelled', data: {} }],
        now,
      );
    },

    /** What hangs on a job that did not complete has been told of its end. */
    async markSettled(ownerId: number, id: string): Promise<void> {
      await Jobs.updateOne({ ownerId, _id: id }, { $unset: { unsettledSince: 1 } });
    },

    /**
     * Records what a running job reports; null when the run has lost the job, or nothing was left to record. Steps run
     * side by side and report out of order: a progress behind an earlier one is left out with its event, all else kept.
     */
    async report(
      ownerId: number,
      id: string,
      run: number,
      { events, progress }: { events: readonly NewJobEvent[]; progress: Progress | null },
      now: number,
    ): Promise<Job | null> {
      const running = { ownerId, id, run, status: { $in: ['in_progress', 'cancelling'] as JobStatus[] } };
      if (!progress) return change(running, {}, events, now);
      const ahead = { $or: [{ progress: null }, { 'progress.percent': { $lte: progress.percent } }] };
      const told = await change(
        { ...running, ...ahead },
        { $set: { progress: { ...progress, updatedAt: now } } },
        events,
        now,
      );
      if (told) return told;
      const others = events.filter((event) => event.type !== 'job.progress');
      return others.length === 0 ? null : change(running, {}, others, now);
    },

    /** Keeps what a run failed with, while the job is that run's; null when it no longer is. */
    recordFailure(ownerId: number, id: string, run: number, lastError: StoredError, now: number): Promise<Job | null> {
      return change(
        { ownerId, id, run, status: { $in: ['in_progress', 'cancelling'] } },
        { $set: { lastError } },
        [{ type: 'job.attempt_failed', data: {} }],
        now,
      );
    },

    /** How far the message about the job's end has come. It is no part of what the job is, so it makes no event. */
    async recordWebhook(
      ownerId: number,
      id: string,
      state: Pick<JobWebhookState, 'status' | 'attempts'>,
    ): Promise<void> {
      const set = { 'webhook.status': state.status, 'webhook.attempts': state.attempts };
      await Jobs.updateOne({ ownerId, _id: id, webhook: { $ne: null } }, { $set: set });
    },

    /** Writes down how far a batch is, while its job is open and `run`'s (null: whosever it is). Counts never go back. */
    async noteBatch(
      ownerId: number,
      id: string,
      run: number | null,
      { counts, ...rest }: Partial<BatchState>,
      now: number,
    ): Promise<void> {
      const fenced = run === null ? {} : { run };
      await Jobs.updateOne(
        { ownerId, _id: id, completedAt: null, ...fenced },
        {
          $set: { ...inside(rest), updatedAt: now },
          ...(counts && { $max: inside(counts, 'batch.counts') }),
        },
      );
    },

    /** Events after a sequence number, in order. */
    async events(
      ownerId: number,
      job: Pick<Job, 'id' | 'createdAt'>,
      afterSequence: number,
      limit: number,
    ): Promise<JobEvent[]> {
      const stored = await Events.find(
        { ownerId, jobId: job.id, sequence: { $gt: afterSequence } },
        { _id: 0, ownerId: 0 },
      )
        .sort({ sequence: 1 })
        .limit(limit)
        .lean<JobEvent[]>();
      if (afterSequence >= 1) return stored;
      return [queuedLine(job), ...stored];
    },

    /** A page of jobs, without the bodies of their requests and results. */
    async list(ownerId: number, page: JobPage): Promise<JobList> {
      const direction = page.order === 'asc' ? 1 : -1;
      const backwards = page.before !== null && page.after === null;
      const records = await Jobs.find(jobFilter(ownerId, page), withoutBodies)
        .sort({ _id: backwards ? (-direction as 1 | -1) : direction })
        .limit(page.limit + 1)
        .lean<JobRecord[]>();
      const jobs = records.slice(0, page.limit).map(toJob);
      return { jobs: backwards ? jobs.reverse() : jobs, hasMore: records.length > page.limit };
    },

    /** Jobs of one document that have not ended. */
    async openForDocument(ownerId: number, documentId: number): Promise<Job[]> {
      const open = { ownerId, 'subject.documentId': documentId, completedAt: null };
      const records = await Jobs.find(open, withoutBodies).lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** The files that open batches read, each as often as it is read. */
    async openInputs(ownerId: number): Promise<Pick<BatchState, 'inputFileId' | 'input'>[]> {
      const open = { ownerId, kind: { $in: [...kindsOfLines] }, completedAt: null };
      const fields = { 'batch.inputFileId': 1, 'batch.input': 1 };
      const records = await Jobs.find(open, fields).lean<Pick<JobRecord, 'batch'>[]>();
      return records.flatMap(({ batch }) => batch ?? []);
    },

    /** Removes an ended job and its log. False when it has not ended or does not exist. */
    async remove(ownerId: number, id: string): Promise<boolean> {
      const ended = { ownerId, _id: id, status: { $in: [...terminalStatuses] } };
      return connection.transaction(async (session: ClientSession) => {
        const removed = await Jobs.deleteOne(ended, { session });
        if (removed.deletedCount === 0) return false;
        await Events.deleteMany({ ownerId, jobId: id }, { session });
        return true;
      });
    },
  };
}

export type JobRepository = ReturnType<typeof createJobRepository>;

/** The first line of every log, which is derived from the job. */
function queuedLine({ id, createdAt }: Pick<Job, 'id' | 'createdAt'>): JobEvent {
  return { jobId: id, sequence: 1, type: 'job.queued', createdAt, data: {} };
}

/** Says that the key is a string in the very words of the partial index, or the planner would not use it. */
function byKey(ownerId: number, idempotencyKey: string): QueryFilter<JobRecord> {
  return { ownerId, idempotencyKey: { $eq: idempotencyKey, $type: 'string' } };
}

/** The fields of a part of a record, as paths. */
function inside(fields: object, path = 'batch'): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${path}.${name}`, value]));
}
