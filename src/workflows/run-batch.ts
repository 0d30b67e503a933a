import { continueAsNew } from '@temporalio/workflow';
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
  nextShard: number;
}

export interface BatchStart extends JobStart {
  progressed?: Progressed;
}

/** Shards of one batch side by side; more would only starve the batches of others. */
const width = 4;

/** Each shard is some six events; a history may have 51,200, and replaying a tenth of them is slow enough. */
const shardsPerHistory = 250;

/** All lines of a file. Only numbers pass through here: where the lines are, and what became of them, is stored. */
export async function runBatch({ progressed, ...start }: BatchStart): Promise<void> {
  const next = await driveJob(
    start,
    async (steps, ref): Promise<Progressed | null> => {
      const at = progressed ?? (await begin(steps, ref));
      if (at === null) return null;
      const end = Math.min(at.shards, at.nextShard + shardsPerHistory);
      const shards = Array.from({ length: end - at.nextShard }, (_none, index) => at.nextShard + index);
      const stage = enterStage('lines', at.shards, at.nextShard);
      await lanes(shards, width, async (shard) => {
        await steps.runShard({ ...at.run, shard });
        stage.advance();
      });
      if (end < at.shards) return { ...at, nextShard: end };
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
  if (run === null) return null;
  enterStage('inspect', 1);
  const { shards } = await steps.inspectBatch(run);
  return { run, shards, nextShard: 0 };
}
