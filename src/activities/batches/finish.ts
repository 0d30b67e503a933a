import type { BatchState } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { answer } from '../../core/invoke.ts';
import { isTerminal, type Job, type JobRef, type TerminalStatus } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import { inputReference, linesReference } from '../jobs/held-blobs.ts';
import { endpointOf, restoreRequest } from '../jobs/stored-request.ts';
import type { NotRun } from './line-work.ts';
import { type BatchDependencies, linesOfShard, openBatch, stateOf } from './open-batch.ts';
import { createOutcomes } from './outcomes.ts';
import { grouped } from './units.ts';
import { writeFiles } from './write-files.ts';

/** What lines are told that were not called in time. */
const notRun: Record<Exclude<TerminalStatus, 'completed'>, NotRun> = {
  expired: {
    code: 'batch_expired',
    message: 'This request could not be executed before the completion window expired.',
  },
  cancelled: { code: 'batch_cancelled', message: 'This request was not executed because the batch was cancelled.' },
  failed: { code: 'batch_failed', message: 'This request was not executed because the batch failed.' },
};

/**
 * The ends of a batch: files of what became of its lines, then what readers see of a collection, then the terminal write,
 * then the rows go.
 */
export function createBatchEnds(deps: BatchDependencies): Pick<Verbs, 'finishBatch' | 'closeBatch'> {
  return {
    async finishBatch(run, call) {
      const job = await openOrForget(run);
      if (job === null) return;
      await deps.lifecycle.current(run);
      const { owner } = await openBatch(deps, job);
      const finalized = await finalize(job, run.run, call);
      await deps.workOf(job.kind).publish?.({ job, state: finalized }, { ...call, principal: owner });
      const completedAt = deps.clock.now();
      crashPoint('batch.noted.before_end');
      const request = await restoreRequest(deps.blobs, job);
      const endpoint = endpointOf(job.request.operation);
      const ended = { ...job, batch: finalized, status: 'completed', completedAt } as const;
      await deps.lifecycle.complete(run, answer(endpoint, ended, request));
      crashPoint('batch.ended.before_forget');
      // A run that was overtaken has not ended the job, and whoever has it now needs the lines.
      await openOrForget(run);
    },

    async closeBatch({ outcome, error, ...ref }, call) {
      const job = await openOrForget(ref);
      if (job === null) return;
      if (job.batch?.validatedAt != null) {
        await deps.jobs.noteBatch(job.ownerId, job.id, null, { finalizingAt: deps.clock.now() }, deps.clock.now());
        await fillUp(job, notRun[outcome], call);
        await finalize(job, null, call);
      }
      await deps.lifecycle.fail(ref, outcome, error);
      await forgetLines(job);
    },
  };

  /** The job, if it is open. Of one that has ended nobody needs the lines any more. */
  async function openOrForget({ ownerId, jobId }: JobRef): Promise<Job | null> {
    const job = await deps.jobs.find(ownerId, jobId);
    if (job && !isTerminal(job.status)) return job;
    if (job) await forgetLines(job);
    return null;
  }

  /** Lines without an outcome get one. A worker that is thought dead and is not can add no other after that. */
  async function fillUp(job: Job, why: NotRun, call: Call): Promise<void> {
    const { ownerId, id: jobId } = job;
    const batch = { job, state: stateOf(job) };
    const work = deps.workOf(job.kind);
    const shards = await deps.batches.countShards(ownerId, jobId);
    for (let shard = 0; shard < shards; shard += 1) {
      call.signal.throwIfAborted();
      const done = await deps.batches.linesDone(ownerId, jobId, shard);
      const outcomes = createOutcomes(deps, { ownerId, jobId, shard, attempt: 0 });
      const writes: Promise<void>[] = [];
      for await (const lines of grouped(linesOfShard(deps, job, shard), work.unit(batch.state))) {
        const [first] = lines;
        if (!first || done.has(first.number)) continue;
        const write = outcomes.put(lines, work.notRun(lines, batch, why));
        // Awaited below; until then a failure must not end the process.
        write.catch(() => undefined);
        writes.push(write);
      }
      await Promise.all(writes);
      await deps.batches.count(ownerId, jobId, shard);
    }
  }

  /** `run` is whose the job must be; null for whosever it is. */
  async function finalize(job: Job, run: number | null, call: Call): Promise<BatchState> {
    const state = stateOf(job);
    const { ownerId, id } = job;
    const finalizingAt = state.finalizingAt ?? deps.clock.now();
    await deps.jobs.noteBatch(ownerId, id, run, { finalizingAt }, deps.clock.now());
    const { completed, failed, usage } = await deps.batches.total(ownerId, id);
    const files = await writeFiles(deps, job, state, call.signal);
    crashPoint('batch.filed.before_note');
    const counts = { total: state.counts.total, completed, failed };
    const note = { counts, usage, ...files };
    await deps.jobs.noteBatch(ownerId, id, run, note, deps.clock.now());
    return { ...state, finalizingAt, ...note };
  }

  async function forgetLines(job: Job): Promise<void> {
    await deps.batches.remove(job.ownerId, job.id);
    await deps.blobs.release(job.ownerId, linesReference(job.id));
    await deps.blobs.release(job.ownerId, inputReference(job.id));
  }
}
