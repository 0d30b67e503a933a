import { type Connection, Schema } from 'mongoose';
import { type Job, type JobEvent, kindsOfLines } from '../../core/job.ts';
import { tenancy } from './tenancy.ts';

/** The job as stored: its id is `_id`; `fingerprint` tells a repeated submission from a different one. */
export interface JobRecord extends Omit<Job, 'id'> {
  _id: string;
  fingerprint: string | null;
  /** When the workflow was last started; null until then. */
  dispatchedAt: number | null;
  /** When receivers were last told of its progress; null until then. */
  progressToldAt: number | null;
  /** When the job ended without completing, until what hangs on it has been told. */
  unsettledSince?: number;
}

export interface EventRecord extends JobEvent {
  ownerId: number;
}

const options = { versionKey: false, strict: false, minimize: false, id: false } as const;

const jobSchema = new Schema<JobRecord>({ _id: String, ownerId: Number }, options);
jobSchema.plugin(tenancy);
jobSchema.index(
  { ownerId: 1, idempotencyKey: 1 },
  { unique: true, partialFilterExpression: { idempotencyKey: { $type: 'string' } } },
);
jobSchema.index({ ownerId: 1, _id: 1 });
jobSchema.index({ ownerId: 1, status: 1, _id: 1 });
jobSchema.index({ ownerId: 1, endpoint: 1, _id: 1 });
jobSchema.index({ ownerId: 1, _id: 1 }, { name: 'batches', partialFilterExpression: { kind: 'batch' } });
jobSchema.index({ ownerId: 1, 'subject.documentId': 1 });
jobSchema.index(
  { createdAt: 1 },
  { name: 'undispatched', partialFilterExpression: { status: 'queued', dispatchedAt: null } },
);
jobSchema.index({ updatedAt: 1 }, { name: 'unfinished', partialFilterExpression: { completedAt: null } });
jobSchema.index({ deadlineAt: 1 }, { name: 'deadlines', partialFilterExpression: { completedAt: null } });
jobSchema.index({ expiresAt: 1 }, { name: 'results', partialFilterExpression: { resultDeleted: false } });
jobSchema.index(
  { ownerId: 1 },
  { name: 'open_batches', partialFilterExpression: { kind: { $in: kindsOfLines }, completedAt: null } },
);
jobSchema.index({ completedAt: 1 });
jobSchema.index({ unsettledSince: 1 }, { sparse: true });
jobSchema.index(
  { status: 1 },
  { name: 'open', partialFilterExpression: { status: { $in: ['queued', 'in_progress', 'cancelling'] } } },
);

const eventSchema = new Schema<EventRecord>({ ownerId: Number }, options);
eventSchema.plugin(tenancy);
eventSchema.index({ jobId: 1, sequence: 1 }, { unique: true });

export function createJobModels(connection: Connection) {
  return {
    Jobs: connection.model<JobRecord>('job', jobSchema, 'jobs'),
    Events: connection.model<EventRecord>('jobEvent', eventSchema, 'job_events'),
  };
}

export type JobModels = ReturnType<typeof createJobModels>;

/** What reads many jobs leaves the bodies where they are: they can be a quarter of a megabyte each. */
export const withoutBodies = { 'request.body': 0, 'result.body': 0 } as const;

export function toJob(record: JobRecord): Job {
  const {
    _id,
    fingerprint: _fingerprint,
    dispatchedAt: _dispatchedAt,
    progressToldAt: _toldAt,
    unsettledSince: _unsettledSince,
    ...job
  } = record;
  return { id: _id, ...job };
}
