import { ownerOf } from '../../core/access.ts';
import { batchIdPattern, jobIdOfBatch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { Job, JobKind } from '../../core/job.ts';
import { createRoom } from '../../core/room.ts';
import type { BatchSteps, BatchVerbs, Verbs } from '../../core/verbs.ts';
import { createCallLines } from './call-lines.ts';
import { createBatchEnds } from './finish.ts';
import { maxHeldBytes } from './held-bytes.ts';
import { createInspectBatch } from './inspect.ts';
import { createIntoCollection, type IntoCollectionDependencies } from './into-collection.ts';
import type { LineWork } from './line-work.ts';
import type { BatchDependencies } from './open-batch.ts';
import { createRunShard } from './run-shard.ts';
import { createTextLines } from './text-lines.ts';

type Given = Omit<BatchDependencies, 'room' | 'workOf'>;
type StepsGiven = Given & IntoCollectionDependencies;

/** Batches for their callers. What they see is the job. */
export function createBatchVerbs(deps: Pick<Given, 'jobs'>, verbs: () => Verbs): BatchVerbs {
  async function find(id: string, call: Call): Promise<Job> {
    const ownerId = ownerOf(call.principal, 'batches');
    const job = batchIdPattern.test(id) ? await deps.jobs.find(ownerId, jobIdOfBatch(id)) : null;
    assertThat(job?.kind === 'batch', 'not_found', `No batch found with id '${id}'.`);
    return job;
  }

  return {
    createBatch: refuse,
    embedBatch: refuse,

    getBatch: ({ id }, call) => find(id, call),

    async listBatches({ after, limit }, call) {
      const ownerId = ownerOf(call.principal, 'batches');
      return deps.jobs.list(ownerId, {
        filter: allBatches,
        limit,
        order: 'desc',
        after: after === null ? null : (await find(after, call)).id,
        before: null,
      });
    },

    async cancelBatch({ id }, call) {
      const job = await find(id, call);
      return verbs().cancelJob({ id: job.id }, call);
    },
  };
}

const allBatches = {
  statuses: [],
  kind: 'batch',
  endpoint: null,
  model: null,
  createdAfter: null,
  createdBefore: null,
  metadata: {},
  idempotencyKey: null,
} as const;

async function refuse(): Promise<never> {
  throw new GatewayError('unsupported_operation', 'A batch is made by a job.');
}

/** The steps of all jobs that are made of lines; what a line is depends on the kind. */
export function createBatchSteps(given: StepsGiven, verbs: () => Verbs): BatchSteps {
  const works: Partial<Record<JobKind, LineWork>> = {
    batch: createCallLines(given, verbs),
    embed_batch: createTextLines({ ...given, intoCollection: createIntoCollection(given) }, verbs),
  };
  const deps: BatchDependencies = {
    ...given,
    room: createRoom(maxHeldBytes),
    workOf(kind) {
      const work = works[kind];
      if (!work) throw new Error(`jobs of kind ${kind} have no lines`);
      return work;
    },
  };
  return {
    inspectBatch: createInspectBatch(deps),
    runShard: createRunShard(deps),
    ...createBatchEnds(deps),
  };
}
