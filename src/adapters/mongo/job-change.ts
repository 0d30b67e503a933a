import type { ClientSession, Connection, QueryFilter, UpdateQuery } from 'mongoose';
import { crashPoint } from '../../core/crash-point.ts';
import type { Job, NewJobEvent } from '../../core/job.ts';
import type { Delivery } from '../../core/webhook.ts';
import { isNews } from '../../core/webhooks/audience.ts';
import { type JobModels, type JobRecord, toJob } from './job-record.ts';
import { owesJobItsEnd, type WebhookOutbox } from './webhook-outbox.ts';

/** Receivers are told of progress no more often than this. */
const progressTellingMs = 500;

/** One conditional change of a job, with its events and with what webhooks are owed of them: all of it or nothing. */
export function createJobChange(connection: Connection, { Jobs, Events }: JobModels, outbox: WebhookOutbox) {
  /** What the job itself says of what its receivers are owed. */
  async function mark(session: ClientSession, job: Job, owed: readonly Delivery[], now: number): Promise<void> {
    const marks: Record<string, unknown> = {
      ...(owed.some(({ eventType }) => eventType === 'job.progress') && { progressToldAt: now }),
      ...(owesJobItsEnd(job, owed) && { 'webhook.status': 'pending' }),
    };
    if (Object.keys(marks).length === 0) return;
    await Jobs.updateOne({ ownerId: job.ownerId, _id: job.id }, { $set: marks }, { session });
  }

  /** Changes the job `id` where `filter` holds and appends `events`, in one step; null when it no longer does. */
  return async function change(
    { ownerId, id, ...filter }: QueryFilter<JobRecord> & { ownerId: number; id: string },
    update: UpdateQuery<JobRecord>,
    events: readonly NewJobEvent[],
    now: number,
    answer: unknown = null,
  ): Promise<Job | null> {
    const increment = { ...update.$inc, lastSequence: events.length };
    const written = await connection.transaction(async (session: ClientSession) => {
      // Side by side, so that whoever has no endpoints waits no longer for it.
      const [record, endpoints] = await Promise.all([
        Jobs.findOneAndUpdate(
          { ...filter, ownerId, _id: id },
          { ...update, $inc: increment, $set: { ...update.$set, updatedAt: now } },
          { session, returnDocument: 'after' },
        ).lean<JobRecord>(),
        events.some(({ type }) => isNews(type)) ? outbox.endpointsOf(ownerId) : [],
      ]);
      if (!record) return null;
      const first = record.lastSequence - events.length + 1;
      const lines = events.map((event, index) => ({ ...event, jobId: id, sequence: first + index, createdAt: now }));
      crashPoint('event.changed.before_append');
      if (lines.length > 0) {
        const rows = lines.map((line) => ({ ...line, ownerId }));
        await Events.collection.insertMany(rows, { session });
      }
      crashPoint('event.appended.before_owed');
      const job = toJob(record);
      if (endpoints.length === 0 && !job.webhook) return { job, owed: [] };
      const isTooSoon = now - (record.progressToldAt ?? 0) < progressTellingMs;
      const news = lines.filter(({ type }) => isNews(type) && !(type === 'job.progress' && isTooSoon));
      const owed = await outbox.tell(session, { job, lines: news, answer, endpoints });
      await mark(session, job, owed, now);
      crashPoint('webhook.owed.before_commit');
      return { job, owed };
    });
    crashPoint('webhook.committed.before_announce');
    if (written) outbox.announce(written.owed);
    return written?.job ?? null;
  };
}
