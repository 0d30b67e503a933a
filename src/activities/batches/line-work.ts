import type { LineOutcome } from '../../adapters/mongo/batches.ts';
import type { Principal } from '../../core/access.ts';
import type { BatchFault, BatchState } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import type { ValidRequest } from '../../core/invoke.ts';
import type { Job } from '../../core/job.ts';
import type { Usage } from '../../core/usage.ts';
import type { FileLine } from './line-reader.ts';
import type { Patience } from './patiently.ts';
import type { Bounds } from './units.ts';

/** A batch in the hands of a worker. */
export interface OpenBatch {
  job: Job;
  state: BatchState;
  request: ValidRequest;
  owner: Principal;
}

/** As far as lines can be read with it. */
export type BatchOfLines = Pick<OpenBatch, 'job' | 'state'>;

/** A line that can be run, or what is wrong with it. Of its inputs those count that a batch may have only so many of. */
type CheckedLine =
  | { customId: string | null; model: string | null; inputs: number }
  | { fault: Omit<BatchFault, 'line'> };

/** What came of lines that were called together, as lines of the two files. */
export interface Result extends Pick<LineOutcome, 'completed' | 'failed'> {
  output: readonly unknown[];
  errors: readonly unknown[];
  usage: Usage;
}

/** Why lines were not called any more. */
export interface NotRun {
  code: string;
  message: string;
}

/** The work of one kind of batch: what its lines are, and what is done with some of them. */
export interface LineWork {
  maxLines: number;
  /**
   * Lines that are called together, and seen to together: all of them have an outcome or none. Like a shard, the same for
   * as long as the batch runs, whatever is configured meanwhile.
   */
  unit(state: BatchState): Bounds;
  shard(state: BatchState): Bounds;
  /** Units of a shard that run side by side. */
  concurrency: number;
  /** Holds a line against the limits of today. It is looked at without them after that. */
  check(line: FileLine, batch: BatchOfLines): CheckedLine;
  /** How many bytes of memory the call and what comes of it hold, roughly. */
  weight(lines: readonly FileLine[], batch: OpenBatch): number;
  /** Throws only what is no fault of the lines; `TurnedAway` where others of the shard may be answered all the same. */
  run(lines: readonly FileLine[], batch: OpenBatch, call: Call, patience: Patience): Promise<Result>;
  /** The last thing before the job completes. */
  publish?(batch: BatchOfLines, call: Call): Promise<void>;
  notRun(lines: readonly FileLine[], batch: BatchOfLines, why: NotRun): Result;
}
