/**
 * The workflow engine, as far as jobs know it: it never forgets what it has taken on, runs every step at least once and
 * sometimes twice at a time. The order of steps is that of `src/workflows/job.ts` and `reconcile.ts`.
 */
import type { Workflows } from '../../src/adapters/temporal/client.ts';
import type { WorkflowState } from '../../src/adapters/temporal/engine-call.ts';
import type { Call, Verb } from '../../src/core/call.ts';
import { deadlineError, GatewayError, isUnavailable, type StoredError, storeError } from '../../src/core/errors.ts';
import type { Job, JobRun } from '../../src/core/job.ts';
import { crashAllowance } from '../../src/core/queues.ts';
import type { JobSteps } from '../../src/core/verbs.ts';
import { outageDelayMs } from '../../src/workers/outage.ts';
import { buildCall } from '../helpers/calls.ts';
import { createLink, engineAway, type Life, type LinkFaults } from './process.ts';
import type { Timeline } from './timeline.ts';

const heartbeatTimeoutMs = 10_000;
const heartbeatMs = 1_000;
const reconcileEveryMs = 30_000;
const dispatchAfterMs = 30_000;
const upkeepAttempts = 3;

/** The steps of jobs; `workOn` stands for all those that follow `beginJob`. */
export interface SimulatedSteps extends JobSteps {
  workOn: Verb<JobRun, void>;
}

/** A worker process that takes steps. */
export interface SimulatedWorker {
  life: Life;
  steps: SimulatedSteps;
}

interface Workflow {
  job: Job;
  /** As that of a document: the job is begun by a step of its own. */
  hasSteps: boolean;
  state: WorkflowState;
  cancel(): void;
  isCancelRequested(): boolean;
}

/** How one try of a step ended. `lost`: its worker was not heard of any more. */
type Outcome = { kind: 'done'; value: unknown } | { kind: 'failed'; error: unknown } | { kind: 'lost' | 'cancelled' };

type StepName = 'runCall' | 'beginJob' | 'workOn' | 'endJob' | 'dispatchJobs' | 'reconcileJobs' | 'purgeExpired';

interface StepOptions {
  /** Of all tries, whatever they ended with. */
  maxTries: number;
  /** From this try on, a failure is the last; those that met an outage are not counted. */
  maxFailures: number;
  cancelled(): boolean;
}

export function createEngine(
  timeline: Timeline,
  faults: () => LinkFaults,
  workers: () => readonly SimulatedWorker[],
  onStart: (job: Job) => void,
) {
  const link = createLink(timeline, faults, engineAway);
  const workflows = new Map<string, Workflow>();

  async function pickWorker(): Promise<SimulatedWorker> {
    for (;;) {
      const able = workers().filter(({ life }) => life.isAlive() && life.stoppedUntil() <= timeline.now());
      const worker = able[Math.floor(timeline.random() * able.length)];
      if (worker) return worker;
      await timeline.sleep(heartbeatMs);
    }
  }

  /** One try on one worker, whose end is heard of when it says so, or does not say anything for too long. */
  async function attempt(name: StepName, input: unknown, number: number, cancelled: () => boolean): Promise<Outcome> {
    const scheduledAt = timeline.now();
    const { life, steps } = await pickWorker();
    const aborting = new AbortController();
    const call = buildCall({ attempt: number, scheduledAt, signal: aborting.signal, inBackground: true });
    let outcome: Outcome | null = null;
    const step = steps[name] as (input: unknown, call: Call) => Promise<unknown>;
    // What the worker says travels like everything else; what a dead one would have said is never said.
    const tell = (said: Outcome) =>
      life.sleep(timeline.between(0, faults().maxLatencyMs)).then(() => {
        outcome ??= said;
      });
    void timeline.sleep(timeline.between(0, faults().maxLatencyMs)).then(() =>
      step(input, call).then(
        (value) => tell({ kind: 'done', value }),
        (error: unknown) => tell(aborting.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error }),
      ),
    );
    let silentMs = 0;
    while (outcome === null) {
      await timeline.sleep(heartbeatMs);
      const isHeard = life.isAlive() && life.stoppedUntil() <= timeline.now();
      silentMs = isHeard ? 0 : silentMs + heartbeatMs;
      if (isHeard && cancelled()) aborting.abort();
      if (outcome === null && silentMs >= heartbeatTimeoutMs) {
        // Should it wake up, it learns with its next heartbeat that it was given up.
        void life.sleep(timeline.between(0, heartbeatMs)).then(() => aborting.abort());
        return { kind: 'lost' };
      }
    }
    return outcome;
  }

  async function run(name: StepName, input: unknown, options: StepOptions): Promise<Outcome> {
    for (let number = 1, outages = 0; ; number += 1) {
      // A workflow that was cancelled or is gone while a step waited asks for it no more.
      if (number > 1 && options.cancelled()) return { kind: 'cancelled' };
      const outcome = await attempt(name, input, number, options.cancelled);
      if (outcome.kind === 'done') return outcome;
      if (options.cancelled()) return { kind: 'cancelled' };
      if (number >= options.maxTries) return outcome;
      // As `workers/activities.ts` has it: an engine that is away is no fault of the work.
      if (outcome.kind === 'failed' && isUnavailable(outcome.error)) {
        await timeline.sleep(outageDelayMs(outcome.error, outages));
        outages += 1;
        continue;
      }
      const counted = number - outages;
      if (outcome.kind === 'failed' && isLast(outcome.error, counted, options)) return outcome;
      if (counted >= options.maxFailures * crashAllowance) return outcome;
      await timeline.sleep(Math.min(30_000, 500 * 2 ** (number - 1)));
    }
  }

  function isLast(error: unknown, counted: number, { maxFailures }: StepOptions): boolean {
    return counted >= maxFailures || (error instanceof GatewayError && !error.retryable);
  }

  /** `runCall`, or `beginJob` and what follows it: null where there is nothing to do. */
  async function work({ job, hasSteps }: Workflow, options: StepOptions): Promise<Outcome> {
    const ref = { jobId: job.id, ownerId: job.ownerId };
    if (!hasSteps) return run('runCall', ref, options);
    const begun = await run('beginJob', ref, { ...forever, cancelled: options.cancelled });
    return begun.kind === 'done' && begun.value !== null ? run('workOn', begun.value, options) : begun;
  }

  /** `driveJob` around the work. */
  async function drive(workflow: Workflow, isOverdue: () => boolean): Promise<void> {
    const { id: jobId, ownerId, maxAttempts } = workflow.job;
    const options = {
      maxTries: Number.POSITIVE_INFINITY,
      maxFailures: maxAttempts,
      cancelled: workflow.isCancelRequested,
    };
    const worked = await work(workflow, options);
    if (workflow.state !== 'running') return;
    if (worked.kind === 'done') {
      workflow.state = 'completed';
      return;
    }
    const outcome = isOverdue() ? 'expired' : worked.kind === 'cancelled' ? 'cancelled' : 'failed';
    const error = outcome === 'expired' ? deadlineError : outcome === 'failed' ? stored(worked) : null;
    await run('endJob', { jobId, ownerId, outcome, error }, forever);
    workflow.state = outcome === 'cancelled' ? 'cancelled' : 'failed';
  }

  function begin(job: Job): void {
    let cancelRequested = false;
    let overdue = false;
    const workflow: Workflow = {
      job,
      hasSteps: timeline.chance(0.5),
      state: 'running',
      cancel: () => {
        cancelRequested = true;
      },
      isCancelRequested: () => cancelRequested || workflow.state !== 'running',
    };
    workflows.set(job.id, workflow);
    if (job.deadlineAt !== null) {
      timeline.after(job.deadlineAt - timeline.now(), () => {
        overdue = true;
        workflow.cancel();
      });
    }
    void drive(workflow, () => overdue);
  }

  async function reconcile(): Promise<void> {
    await run('dispatchJobs', { olderThanMs: dispatchAfterMs }, upkeep);
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page: Outcome = await run('reconcileJobs', { cursor }, upkeep);
      cursor = page.kind === 'done' ? (page.value as { cursor: string | null }).cursor : null;
    }
    await run('purgeExpired', {}, upkeep);
    timeline.after(reconcileEveryMs, () => void reconcile());
  }
  timeline.after(reconcileEveryMs, () => void reconcile());

  /** The client side, as one process has it. */
  function clientOf(life: Life): Workflows {
    return link.over<Workflows>(life, {
      // Reject duplicates, use the one that runs: whatever is there already is the one.
      async start(job) {
        if (workflows.has(job.id)) return;
        onStart(job);
        begin(structuredClone(job));
      },
      async cancel(jobId) {
        workflows.get(jobId)?.cancel();
      },
      async close() {
        throw new Error('no job here has lines');
      },
      async describe(jobId) {
        return workflows.get(jobId)?.state ?? 'gone';
      },
      ensureReconciler: async () => undefined,
      removeReconciler: async () => undefined,
      ping: async () => undefined,
    });
  }

  function pick(): Workflow | undefined {
    const running = [...workflows.values()].filter(({ state }) => state === 'running');
    return running[Math.floor(timeline.random() * running.length)];
  }

  return {
    clientOf,
    goDown: (forMs: number) => link.goDown(forMs),
    /** An operator ends a workflow, or the engine's store loses it. */
    terminateOne(): void {
      const workflow = pick();
      if (workflow) workflow.state = 'terminated';
    },
    forgetOne(): void {
      const workflow = pick();
      if (!workflow) return;
      workflow.state = 'terminated';
      workflows.delete(workflow.job.id);
    },
  };
}

/** What a job is told that was given up for the deaths of its workers. */
export const workersFailed = 'The workers failed.';

const never = () => false;
const forever: StepOptions = {
  maxTries: Number.POSITIVE_INFINITY,
  maxFailures: Number.POSITIVE_INFINITY,
  cancelled: never,
};
const upkeep: StepOptions = { maxTries: upkeepAttempts, maxFailures: upkeepAttempts, cancelled: never };

function stored(outcome: Outcome): StoredError {
  const error = outcome.kind === 'failed' ? outcome.error : null;
  return storeError(error instanceof GatewayError ? error : new GatewayError('internal_error', workersFailed));
}
