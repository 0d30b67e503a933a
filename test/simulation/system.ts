/** Two API processes and two workers: the product's own activities on simulated stores. */

import type { Admissions } from '../../src/activities/admissions.ts';
import { createJobControl } from '../../src/activities/jobs/control.ts';
import { createDispatcher } from '../../src/activities/jobs/dispatcher.ts';
import { createLifecycle } from '../../src/activities/jobs/lifecycle.ts';
import { createMaintenance } from '../../src/activities/jobs/maintenance.ts';
import { createJobReading } from '../../src/activities/jobs/read.ts';
import { createRunCall } from '../../src/activities/jobs/run-call.ts';
import { createSubmitJob } from '../../src/activities/jobs/submit.ts';
import { withOutages } from '../../src/activities/with-outages.ts';
import { parseConfig } from '../../src/config.ts';
import { userOf } from '../../src/core/access.ts';
import { sumBills } from '../../src/core/billing/bill.ts';
import type { BlobStore } from '../../src/core/blob.ts';
import type { Call } from '../../src/core/call.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { JobRef, JobRun } from '../../src/core/job.ts';
import { createJobIds } from '../../src/core/job-id.ts';
import { usageOf } from '../../src/core/usage.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { buildCall } from '../helpers/calls.ts';
import { silentLog } from '../helpers/log.ts';
import { createEngine, type SimulatedSteps, type SimulatedWorker } from './engine.ts';
import { createMemoryBlobs } from './memory-blobs.ts';
import { createMemoryJobs, type OnWrite } from './memory-jobs.ts';
import { createLife, createLink, type Life, type LinkFaults, OutageError } from './process.ts';
import type { Timeline } from './timeline.ts';

const settings = parseConfig({
  jobs: { maxAttempts: 3, inlineBodyBytes: 64, inlineResultBytes: 200, sweepIntervalMs: 20_000 },
});

/** One call of the model: what was asked for which job, when, by whom. */
interface UpstreamCall {
  jobId: string;
  number: number;
  at: number;
  /** Its process had been stopped while it had the job in hand, so that it could not have known better. */
  byZombie: boolean;
}

export interface Process {
  life: Life;
  verbs: Verbs & SimulatedSteps;
}

const silent = () => undefined;
const metrics = { jobDispatched: silent, jobBegan: silent, jobAttempted: silent, jobEnded: silent };

export function createSystem(timeline: Timeline, faults: () => LinkFaults, onWrite: OnWrite) {
  const memory = createMemoryJobs(onWrite);
  const files = createMemoryBlobs(timeline.now);
  const store = createLink(timeline, faults, () => new OutageError('the store is away'));
  const upstream: UpstreamCall[] = [];
  /** Stands for the document of an ingestion: made when a job is accepted, and told when it ends. */
  const subjects = new Map<string, 'open' | 'ended'>();
  const newJobId = createJobIds((bytes) => {
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = timeline.random() * 256;
  });
  const apis: Process[] = [];
  const workers: (Process & SimulatedWorker)[] = [];
  const premature: string[] = [];
  const engine = createEngine(
    timeline,
    faults,
    () => workers,
    ({ id }) => {
      if (!memory.everAccepted(id)) premature.push(id);
    },
  );

  function blobsOf(life: Life): BlobStore {
    return {
      ...store.over(life, files.store),
      async *read(ownerId, id, range) {
        const parts = await store.request(life, async () => Array.fromAsync(files.store.read(ownerId, id, range)));
        yield* parts;
      },
    };
  }

  function admissionsOf(life: Life): Admissions {
    return {
      admit: async () => ({}),
      accepted: (job) =>
        store.request(life, async () => {
          if (!subjects.has(job.id)) subjects.set(job.id, 'open');
        }),
      ended: (job) =>
        store.request(life, async () => {
          subjects.set(job.id, 'ended');
        }),
    };
  }

  /** The model: slow, at times failing, and never the same answer twice. */
  async function embed(life: Life, call: Call): ReturnType<Verbs['embed']> {
    const number = upstream.length + 1;
    const byZombie = life.stoppedUntil() > 0;
    upstream.push({ jobId: call.idempotencyKey, number, at: timeline.now(), byZombie });
    await life.sleep(timeline.chance(0.1) ? timeline.between(5_000, 40_000) : timeline.between(50, 3_000));
    call.signal.throwIfAborted();
    if (timeline.chance(0.08)) throw new GatewayError('upstream_error', 'The model failed.');
    if (timeline.chance(0.03)) throw new GatewayError('upstream_rejected', 'The model refuses.');
    const length = timeline.chance(0.5) ? 2 : 60;
    const vectors = [Float32Array.from({ length }, () => number)];
    return { id: `embd-${number}`, model: 'm', vectors, usage: usageOf({ promptTokens: 1 }), bill: sumBills([]) };
  }

  function createProcess(name: string): Process {
    const life = createLife(timeline, name);
    const verbs = {} as Verbs & SimulatedSteps;
    const clock = { now: life.now };
    const deps = {
      config: settings,
      clock,
      log: silentLog,
      metrics,
      isStoreOutage,
      newJobId,
      jobs: store.over(life, memory.jobs),
      jobMaintenance: store.over(life, memory.maintenance),
      blobs: blobsOf(life),
      workflows: engine.clientOf(life),
      admissions: admissionsOf(life),
      principals: { ofUser: (id: number) => store.request(life, async () => userOf(id)) },
      jobWatch: {
        wait: async (_id: string, _after: number, timeoutMs: number) => {
          await life.sleep(timeoutMs);
          return null;
        },
        close: async () => undefined,
      },
      batches: {
        remove: () => store.request(life, async () => undefined),
        jobsOfRows: () => store.request(life, async () => []),
      },
      outbound: { check: async (url: string) => new URL(url) },
      purgeDeleted: async () => 0,
    };
    const lifecycle = createLifecycle(deps);
    const dispatcher = createDispatcher({ ...deps, lifecycle });
    const submitJob = createSubmitJob({ ...deps, dispatcher });
    const own = {
      submitJob,
      ...createJobReading(deps),
      ...createJobControl({ ...deps, submitJob }),
      ...createMaintenance({ ...deps, dispatcher, lifecycle }),
      embed: (_input: unknown, call: Call) => embed(life, call),
      runCall: createRunCall({ ...deps, lifecycle }, () => verbs),
      beginJob: async (ref: JobRef, call: Call) => {
        const job = await lifecycle.begin(ref, call);
        return job && { ...ref, run: job.run };
      },
      async workOn(run: JobRun, call: Call) {
        await lifecycle.current(run);
        const { vectors } = await embed(life, { ...call, idempotencyKey: run.jobId });
        const body = { data: vectors.map((vector) => ({ embedding: [...vector] })) };
        await lifecycle.complete(run, { statusCode: 200, body });
      },
      endJob: async ({ outcome, error, ...ref }: Parameters<Verbs['endJob']>[0]) => lifecycle.fail(ref, outcome, error),
    };
    Object.assign(verbs, withOutages(own as unknown as Verbs, isStoreOutage));
    return { life, verbs };
  }

  function startApi(): Process {
    const api = createProcess(`api-${apis.length}`);
    apis.push(api);
    // `api/dispatch-loop.ts`, without its backing off.
    void (async () => {
      while (api.life.isAlive()) {
        await api.life.sleep(settings.jobs.sweepIntervalMs);
        await api.verbs.dispatchJobs({ olderThanMs: settings.jobs.sweepIntervalMs }, buildCall()).catch(silent);
      }
    })();
    return api;
  }

  function startWorker(): Process {
    const worker = createProcess(`worker-${workers.length}`);
    workers.push({ ...worker, steps: worker.verbs });
    return worker;
  }

  return {
    memory,
    files,
    engine,
    upstream,
    subjects,
    /** Jobs whose workflow was started before they were stored. */
    premature,
    startApi,
    startWorker,
    storeDown: (forMs: number) => store.goDown(forMs),
    living: () => [...apis, ...workers].filter(({ life }) => life.isAlive()),
    livingApis: () => apis.filter(({ life }) => life.isAlive()),
  };
}

export type System = ReturnType<typeof createSystem>;

function isStoreOutage(error: unknown): boolean {
  return error instanceof OutageError;
}
