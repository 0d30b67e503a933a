import { continueAsNew, sleep } from '@temporalio/workflow';
import type { JobRun } from '../core/job.ts';
import { closeLines } from './close-batch.ts';
import { driveJob, type JobStart } from './job.ts';
import { lanes } from './lanes.ts';
import { enterStage } from './stage.ts';
import type { Steps } from './steps.ts';

/** Where an earlier part of the same workflow has come to. */
interface Progressed {
  run: JobRun;
  shards: number;
  /** The first that was never run. */
  nextShard: number;
  /** Shards that have lines left which were turned away. */
  waiting: readonly number[];
  againAfterMs: number;
}

export interface BatchStart extends JobStart {
  progressed?: Progressed;
}

/** Shards of one batch side by side; more would only starve the batches of others. */
const width = 4;

/** Each shard is some six events; a history may have 51,200, and replaying a tenth of them is slow enough. */
const shardsPerHistory = 250;

/** Between two rounds of the shards that wait. */
const pauseMs = { least: 5_000, most: 300_000 } as const;

/** All lines of a file. Only numbers pass through here: where the lines are, and what became of them, is stored. */
export async function runBatch({ progressed, ...start }: BatchStart): Promise<void> {
  const next = await driveJob(
    start,
    async (steps, ref): Promise<Progressed | null> => {
      let at = progressed ?? (await begin(steps, ref));
      if (at === null) return null;
      for (let runs = 0; at.nextShard < at.shards || at.waiting.length > 0; ) {
        if (runs >= shardsPerHistory) return at;
        const due = dueIn(at);
        at = await runShards(steps, at, due);
        runs += due.length;
      }
      enterStage('finish', 1);
      await steps.finishBatch(at.run);
      return null;
    },
    closeLines,
  );
  if (next !== null) await continueAsNew<typeof runBatch>({ ...start, progressed: next });
}

async function begin(steps: Steps, ref: { jobId: string; ownerId: number }): Promise<Progressed | null> {
  const run = await steps.beginJob(ref);
  if (run === null) {
    await closeLines(steps, ref, { outcome: 'cancelled', error: null });
    return null;
  }
  enterStage('inspect', 1);
  const { shards } = await steps.inspectBatch(run);
  return { run, shards, nextShard: 0, waiting: [], againAfterMs: 0 };
}

/** Those that were never run; when each has had its turn, those that wait. */
function dueIn({ shards, nextShard, waiting }: Progressed): readonly number[] {
  if (nextShard === shards) return waiting.slice(0, shardsPerHistory);
  const count = Math.min(shardsPerHistory, shards - nextShard);
  return Array.from({ length: count }, (_none, index) => nextShard + index);
}

/** A shard whose lines were turned away holds up none of the others: it comes again after them. */
async function runShards(steps: Steps, at: Progressed, due: readonly number[]): Promise<Progressed> {
  const isAgain = at.nextShard === at.shards;
  if (isAgain) await sleep(Math.min(pauseMs.most, Math.max(pauseMs.least, at.againAfterMs)));
  const stage = enterStage('lines', at.shards, at.nextShard - at.waiting.length);
  const left: number[] = [];
  let againAfterMs: number = pauseMs.most;
  await lanes(due, width, async (shard) => {
    const run = await steps.runShard({ ...at.run, shard, isAgain });
    if (run.againAfterMs === null) return stage.advance();
    left.push(shard);
    againAfterMs = Math.min(againAfterMs, run.againAfterMs);
  });
  return {
    ...at,
    nextShard: isAgain ? at.nextShard : at.nextShard + due.length,
    waiting: [...(isAgain ? at.waiting.slice(due.length) : at.waiting), ...left],
    againAfterMs,
  };
}
