import { crashPoint } from '../../core/crash-point.ts';
import { type GatewayError, storeError } from '../../core/errors.ts';
import { lanesOf } from '../../core/in-lanes.ts';
import type { Job, JobRun } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';
import { type BatchDependencies, linesOfShard, openBatch } from './open-batch.ts';
import { createOutcomes } from './outcomes.ts';
import { type Patience, TurnedAway } from './patiently.ts';
import { grouped } from './units.ts';

const reportIntervalMs = 1_000;

/** When to come again where no provider has said so. */
const usualPauseMs = 15_000;

/**
 * Calls the lines of a shard that nobody has called to an end. What was kept before this step died is not called again.
 * Lines that their provider turns away for now are left, and hold up no others.
 */
export function createRunShard(deps: BatchDependencies): Verbs['runShard'] {
  return async ({ shard, isAgain = false, ...run }, call) => {
    const job = await deps.lifecycle.current(run);
    const batch = await openBatch(deps, job);
    const work = deps.workOf(job.kind);
    const place = { ownerId: job.ownerId, jobId: job.id, shard, attempt: call.attempt };
    const outcomes = createOutcomes(deps, place);
    const report = createReport(deps, run, job, shard);
    const done = await deps.batches.linesDone(job.ownerId, job.id, shard);
    const inner = { ...call, principal: batch.owner, progress: () => undefined };
    // What has waited without a slot does not wait in one as well.
    const patience: Patience = { isOver: isAgain };
    let refusal: GatewayError | null = null;
    let units = 0;
    const pending = grouped(linesOfShard(deps, job, shard), work.unit(batch.state));
    await lanesOf(pending, work.concurrency, call.signal, async (lines) => {
      const [first] = lines;
      units += 1;
      if (!first || done.has(first.number)) return;
      const leave = await deps.room.enter(work.weight(lines, batch), call.signal);
      try {
        const answered = await unlessTurnedAway(work.run(lines, batch, inner, patience));
        if (answered instanceof TurnedAway) {
          refusal = answered.refusal;
          return;
        }
        crashPoint('batch.answered.before_keep');
        await outcomes.put(lines, answered);
        crashPoint('batch.kept.before_report');
      } finally {
        leave();
      }
      call.progress({ percent: null, stage: `shard ${shard}`, completed: units, total: null, message: null });
      await report.now(false);
    });
    await report.now(true);
    return refusal === null ? { againAfterMs: null } : await tellRefusal(run, job, refusal);
  };

  /** Once for each reason: what is waited for is waited for many times. */
  async function tellRefusal(run: JobRun, job: Job, refusal: GatewayError): Promise<{ againAfterMs: number }> {
    const error = storeError(refusal);
    const isKnown = job.lastError?.code === error.code && job.lastError.message === error.message;
    if (!isKnown) await deps.jobs.recordFailure(job.ownerId, job.id, run.run, error, deps.clock.now());
    return { againAfterMs: refusal.retryAfterMs ?? usualPauseMs };
  }
}

async function unlessTurnedAway<T>(work: Promise<T>): Promise<T | TurnedAway> {
  return work.catch((thrown: unknown) => {
    if (thrown instanceof TurnedAway) return thrown;
    throw thrown;
  });
}

/** Adds up what has been kept and tells it, at most once in a while. */
function createReport(deps: BatchDependencies, run: JobRun, job: Job, shard: number) {
  let told = deps.clock.now();
  let percentTold = job.progress?.percent ?? -1;
  return {
    async now(isLast: boolean): Promise<void> {
      const now = deps.clock.now();
      if (!isLast && now - told < reportIntervalMs) return;
      told = now;
      const { completed, failed, usage } = await deps.batches.count(job.ownerId, job.id, shard);
      const total = job.batch?.counts.total ?? 0;
      await deps.jobs.noteBatch(job.ownerId, job.id, run.run, { counts: { total, completed, failed }, usage }, now);
      const percent = total === 0 ? 0 : Math.floor((100 * (completed + failed)) / total);
      // Each is an event for ever: a hundred of them are enough for any number of lines.
      if (percent <= percentTold) return;
      percentTold = percent;
      const message = `${completed + failed} of ${total} lines`;
      const progress = { percent, stage: 'lines', completed: completed + failed, total, message };
      await deps.lifecycle.report(run, [], progress);
    },
  };
}
