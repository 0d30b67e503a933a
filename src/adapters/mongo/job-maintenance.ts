import type { Job } from '../../core/job.ts';
import { type EventRecord, type JobModels, type JobRecord, toJob } from './job-record.ts';
import { acrossOwners } from './tenancy.ts';

/** What dispatcher, reconciler, retention and waiters ask about the jobs of everybody. */
export function createJobMaintenance({ Jobs, Events }: JobModels) {
  const everybody = acrossOwners('maintenance serves the jobs of everybody');

  return {
    /** Accepted before `before` and never handed to a workflow, oldest first. */
    async undispatched(before: number, limit: number): Promise<Job[]> {
      const records = await Jobs.find({ status: 'queued', dispatchedAt: null, createdAt: { $lte: before } })
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    async markDispatched(ids: readonly string[], now: number): Promise<void> {
      await Jobs.updateMany({ _id: { $in: ids } }, { $set: { dispatchedAt: now } }).setOptions(everybody);
    },

    /** A job whose workflow has vanished is handed out again. */
    async markUndispatched(id: string): Promise<void> {
      await Jobs.updateOne({ _id: id }, { $set: { dispatchedAt: null } }).setOptions(everybody);
    },

    /** Unfinished jobs that nobody has written to since `before`, by id after `cursor`. */
    async stale(before: number, cursor: string | null, limit: number): Promise<Job[]> {
      const records = await Jobs.find({
        completedAt: null,
        updatedAt: { $lt: before },
        ...(cursor === null ? {} : { _id: { $gt: cursor } }),
      })
        .setOptions(everybody)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** Unfinished jobs whose deadline has passed. */
    async overdue(now: number, limit: number): Promise<Job[]> {
      const records = await Jobs.find({ completedAt: null, deadlineAt: { $ne: null, $lt: now } })
        .setOptions(everybody)
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** Ended jobs whose result is past its retention. */
    async expired(now: number, limit: number): Promise<Job[]> {
      const records = await Jobs.find({ expiresAt: { $lt: now }, resultDeleted: false })
        .setOptions(everybody)
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    async dropResult(ownerId: number, id: string): Promise<void> {
      await Jobs.updateOne({ ownerId, _id: id }, { $set: { result: null, resultDeleted: true } });
    },

    /** Ended jobs whose record is past its retention. */
    async forgettable(completedBefore: number, limit: number): Promise<Job[]> {
      const records = await Jobs.find({ completedAt: { $ne: null, $lt: completedBefore } })
        .setOptions(everybody)
        .limit(limit)
        .lean<JobRecord[]>();
      return records.map(toJob);
    },

    /** The latest sequence number of each of these jobs: one query for all who wait in this process. */
    async lastSequences(ids: readonly string[]): Promise<Map<string, number>> {
      const records = await Jobs.find({ _id: { $in: ids } }, { lastSequence: 1 })
        .setOptions(everybody)
        .lean<Pick<JobRecord, '_id' | 'lastSequence'>[]>();
      return new Map(records.map((record) => [record._id, record.lastSequence]));
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
