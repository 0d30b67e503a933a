/** Callers who submit, look, cancel and retry, and come again with the same key until they have an answer. */
import { userOf } from '../../src/core/access.ts';
import type { Call } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Job, JobSubmission } from '../../src/core/job.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { buildCall } from '../helpers/calls.ts';
import type { System } from './system.ts';
import type { Timeline } from './timeline.ts';

const givesUpAfterMs = 30_000;

/** What a caller knows of one submission. */
export interface Submission {
  ownerId: number;
  key: string;
  /** Ids that were answered for the key. */
  accepted: Set<string>;
  /** What was seen of the job, in the order in which the answers came. */
  seen: Job[];
  /** Looked for after it was accepted, and not found. */
  missed: number;
  deleted: boolean;
}

export function createCallers(timeline: Timeline, system: System) {
  const submissions: Submission[] = [];

  /** One request to a process that lives. A process that dies closes its connections; one that is silent is left. */
  async function ask<T>(ownerId: number, work: (verbs: Verbs, call: Call) => Promise<T>): Promise<T> {
    const apis = system.livingApis();
    const api = apis[Math.floor(timeline.random() * apis.length)];
    if (!api) throw new Error('connection refused');
    const call = buildCall({ principal: userOf(ownerId) });
    return new Promise((resolve, reject) => {
      api.life.onDeath(() => reject(new Error('connection closed')));
      timeline.after(givesUpAfterMs, () => reject(new Error('timeout')));
      work(api.verbs, call).then(
        (value) => void api.life.sleep(0).then(() => resolve(value)),
        (error: unknown) => void api.life.sleep(0).then(() => reject(error)),
      );
    });
  }

  /** Again and again until it is answered by something other than a fault of ours. */
  async function insist<T>(ownerId: number, work: (verbs: Verbs, call: Call) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask(ownerId, work);
      } catch (error) {
        const isAnswer = error instanceof GatewayError && error.code !== 'unavailable';
        if (isAnswer) throw error;
        await timeline.sleep(timeline.between(100, 3_000));
      }
    }
  }

  async function submit(ownerId: number, key: string, deadlineAt: number | null): Promise<void> {
    const submission: Submission = { ownerId, key, accepted: new Set(), seen: [], missed: 0, deleted: false };
    submissions.push(submission);
    const send = async () => {
      const sent = submissionOf(key, deadlineAt, key.length % 2 === 0);
      return (await insist(ownerId, (verbs, call) => verbs.submitJob(sent, call))).job;
    };
    const job = await send();
    submission.accepted.add(job.id);
    // A caller who did not hear the answer sends it all once more.
    if (timeline.chance(0.2)) submission.accepted.add((await send()).id);
    if (timeline.chance(0.25)) {
      await timeline.sleep(timeline.between(0, 20_000));
      await insist(ownerId, (verbs, call) => verbs.cancelJob({ id: job.id }, call));
    }
    await follow(submission, job.id);
    if (timeline.chance(0.1)) {
      await insist(ownerId, (verbs, call) => verbs.deleteJob({ id: job.id }, call)).catch(unlessGone);
      submission.deleted = true;
    }
  }

  async function follow(submission: Submission, id: string): Promise<void> {
    for (;;) {
      await timeline.sleep(timeline.between(1_000, 15_000));
      try {
        const job = await insist(submission.ownerId, (verbs, call) => verbs.getJob({ id }, call));
        submission.seen.push(job);
        if (job.completedAt !== null) return;
      } catch (error) {
        unlessGone(error);
        submission.missed += 1;
        return;
      }
    }
  }

  return { submissions, submit };
}

function unlessGone(error: unknown): void {
  if (!(error instanceof GatewayError && error.code === 'not_found')) throw error;
}

/** Long ones are stored as files. */
function submissionOf(key: string, deadlineAt: number | null, isLong: boolean): JobSubmission {
  const body = { model: 'm', input: isLong ? key.repeat(20) : key };
  return {
    kind: 'call',
    request: { operation: 'POST /v1/embeddings', params: {}, query: {}, body, bodyBlob: null, files: {} },
    input: body,
    endpoint: '/v1/embeddings',
    model: 'm',
    metadata: {},
    idempotencyKey: key,
    deadlineAt,
    webhook: null,
    retriedFrom: null,
  };
}
