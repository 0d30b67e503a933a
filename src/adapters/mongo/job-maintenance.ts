import type { ClientSession } from 'mongoose';
import { deletedOutput, isTerminal, type Job, type JobRef, jobStatuses, kindsOfLines } from '../../core/job.ts';
import type { OpenJobCounts } from '../../core/metrics.ts';
import { type EventRecord, type JobModels, type JobRecord, toJob, withoutBodies } from './job-record.ts';
import { acrossOwners } from './tenancy.ts';

type Owned = Pick<JobRecord, '_id' | 'ownerId'>;

interface Quiet {
  before: number;
  queuedBefore: number;
}

/** What dispatcher, reconciler, retention and waiters ask about the jobs of everybody. Jobs come without bodies. */
export function createJobMaintenance({ Jobs, Events }: JobModels) {
  const everybody = acrossOwners('maintenance serves the jobs of everybody');

  return {
    /** Accepted before `before` and never handed to a workflow, oldest first, by id after `cursor`. */
    async undispatched(before: number, cursor: string | null, limit: number): Promise<Job[]> {
      const waiting = { status: 'queued', dispatchedAt: null, createdAt: { $lte: before } } as const;
      const records = await Jobs.find({ ...waiting, ...after(cursor) }, withoutBodies)
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    async markDispatched(ids: readonly string[], now: number): Promise<void> {
      await Jobs.updateMany({ _id: { $in: ids } }, { $set: { dispatchedAt: now } }).setOptions(everybody);
    },

    /**
     * Unfinished jobs that nobody has written to since `before`, or since `queuedBefore` where nobody has begun them; and
     * those that were to be cancelled before `before`, whoever still writes to them. By id after `cursor`.
     */
    async stale({ before, queuedBefore }: Quiet, cursor: string | null, limit: number): Promise<Job[]> {
      const quiet = { completedAt: null, status: { $ne: 'queued' }, updatedAt: { $lt: before } } as const;
      const waiting = { completedAt: null, status: 'queued', updatedAt: { $lt: queuedBefore } } as const;
      const uncancelled = { status: 'cancelling', cancelRequestedAt: { $lt: before } } as const;
      const records = await Jobs.find({ $or: [quiet, waiting, uncancelled], ...after(cursor) }, withoutBodies)
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /**
     * Unfinished jobs whose deadline has passed, by id after `cursor`; none of lines that has begun: a workflow ends that,
     * and writes down first what was answered by then.
     */
    async overdue(now: number, cursor: string | null, limit: number): Promise<Job[]> {
      const begunLines = { kind: { $in: kindsOfLines }, status: { $ne: 'queued' } } as const;
      const late = { completedAt: null, deadlineAt: { $ne: null, $lt: now }, $nor: [begunLines], ...after(cursor) };
      const records = await Jobs.find(late, withoutBodies)
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** Jobs that ended before `before` without completing, and nobody has told of it yet. */
    async unsettled(before: number, limit: number): Promise<Job[]> {
      const records = await Jobs.find({ unsettledSince: { $lt: before } }, withoutBodies)
        .setOptions(everybody)
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** Ended jobs whose result is past its retention. */
    async expired(now: number, limit: number): Promise<JobRef[]> {
      const records = await Jobs.find({ expiresAt: { $lt: now }, resultDeleted: false }, { ownerId: 1 })
        .setOptions(everybody)
        .limit(limit)
        .lean<Owned[]>();
      return records.map(toRef);
    },

    /** The output in the job's log goes with its result; the lines stay, as the log has no gaps. */
    async dropResult(ownerId: number, id: string): Promise<void> {
      await Jobs.db.transaction(async (session: ClientSession) => {
        const output = { ownerId, jobId: id, type: 'job.output' } as const;
        await Events.updateMany(output, { $set: { data: deletedOutput } }, { session });
        await Jobs.updateOne({ ownerId, _id: id }, { $set: { result: null, resultDeleted: true } }, { session });
      });
    },

    /** Ended jobs whose record is past its retention. */
    async forgettable(completedBefore: number, limit: number): Promise<JobRef[]> {
      const records = await Jobs.find({ completedAt: { $ne: null, $lt: completedBefore } }, { ownerId: 1 })
        .setOptions(everybody)
        .limit(limit)
        .lean<Owned[]>();
      return records.map(toRef);
    },

    /** Whosever it is. */
    async find(id: string): Promise<Job | null> {
      const record = await Jobs.findOne({ _id: id }, withoutBodies)
        .setOptions(acrossOwners('an administrator looks for the job of anybody'))
        .lean<JobRecord>();
      return record && toJob(record);
    },

    /** The latest sequence number of each of these jobs: one query for all who wait in this process. */
    async lastSequences(ids: readonly string[]): Promise<Map<string, number>> {
      const records = await Jobs.find({ _id: { $in: ids } }, { lastSequence: 1 })
        .setOptions(everybody)
        .lean<Pick<JobRecord, '_id' | 'lastSequence'>[]>();
      return new Map(records.map((record) => [record._id, record.lastSequence]));
    },

    /** Which of these jobs there are that have not ended, or not before `endedBefore`. */
    async lasting(ids: readonly string[], endedBefore: number): Promise<Set<string>> {
      const lasts = { $or: [{ completedAt: null }, { completedAt: { $gte: endedBefore } }] };
      const records = await Jobs.find({ _id: { $in: ids }, ...lasts }, { _id: 1 })
        .setOptions(everybody)
        .lean<Pick<JobRecord, '_id'>[]>();
      return new Set(records.map(({ _id }) => _id));
    },

    /** How many jobs have not ended, by status; from the index alone. */
    async countOpen(): Promise<OpenJobCounts> {
      const open = jobStatuses.filter((status) => !isTerminal(status));
      const counts = await Promise.all(
        open.map(async (status) => [status, await Jobs.countDocuments({ status }).setOptions(everybody)]),
      );
      return Object.fromEntries(counts) as OpenJobCounts;
    },

    /** Ids of jobs as their events are written, wherever that happens. Ends with an error when the store goes away. */
    watchEvents() {
      return Events.collection.watch<EventRecord>([{ $match: { operationType: 'insert' } }], {
        fullDocument: 'default',
      });
    },
  };
}

export type JobMaintenance = ReturnType<typeof createJobMaintenance>;

function after(cursor: string | null) {
  return cursor === null ? {} : { _id: { $gt: cursor } };
}

function toRef({ _id, ownerId }: Owned): JobRef {
  return { jobId: _id, ownerId };
}
