import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type LogEntry, Runtime, Worker } from '@temporalio/worker';
import type { JobEnding, JobRef } from '../../src/core/job.ts';
import { queueName } from '../../src/core/queues.ts';
import type { JobStart } from '../../src/workflows/job.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from './engines.ts';

interface RunOptions {
  /** What the workflow is started with. */
  args?: JobStart | (JobRef & JobEnding);
  cancelWhen?: Promise<unknown>;
}

export const jobStart: JobStart = { jobId: 'job_1', ownerId: 7, maxAttempts: 3, deadlineAt: null };

/** Workflows of jobs on a server of their own that skips time, with the steps that a test gives them. */
export async function openWorkflowRuns() {
  const logged: LogEntry[] = [];
  // Steps fail on purpose here; what the worker has to say about it is for tests that ask.
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR', (entry) => logged.push(entry)) });
  const executable = { type: 'existing-path', path: testServerPath() } as const;
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });

  return {
    /** What workflows and workers of all runs have logged as errors. */
    logged,

    /** Milliseconds since the epoch, as the server sees it. */
    now: () => environment.currentTimeMs(),

    close: () => environment.teardown(),

    /** Runs a workflow whose steps are `steps`; answers the names and inputs of the steps that ran. */
    async run(workflow: string, steps: Partial<Steps>, { args = jobStart, cancelWhen }: RunOptions = {}) {
      const calls: [string, unknown][] = [];
      const activities = Object.fromEntries(
        Object.entries(steps).map(([name, step]) => [
          name,
          async (input: unknown, ...bounds: unknown[]) => {
            calls.push([name, input]);
            return (step as (...args: unknown[]) => unknown)(input, ...bounds);
          },
        ]),
      );
      const prefix = `test-${crypto.randomUUID()}`;
      const common = { connection: environment.nativeConnection };
      const taskQueue = queueName(prefix, 'workflows');
      const workers = await Promise.all([
        Worker.create({ ...common, taskQueue, workflowBundle }),
        ...(['io', 'cpu', 'llm', 'batch', 'files'] as const).map((queue) =>
          Worker.create({ ...common, taskQueue: queueName(prefix, queue), activities, shutdownGraceTime: 0 }),
        ),
      ]);
      const running = Promise.all(workers.map((worker) => worker.run()));
      const handle = await environment.client.workflow.start(workflow, { taskQueue, workflowId: prefix, args: [args] });
      void cancelWhen?.then(() => handle.cancel());
      const outcome = await handle.result().then(
        () => 'completed',
        (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
      );
      const { runId } = await environment.client.workflow.getHandle(prefix).describe();
      for (const worker of workers) worker.shutdown();
      await running;
      return { calls, outcome, isContinued: runId !== handle.firstExecutionRunId };
    },
  };
}

export type WorkflowRuns = Awaited<ReturnType<typeof openWorkflowRuns>>;

/** A step that goes on until it is cancelled. */
export function endless(begun: () => void = () => undefined): () => Promise<never> {
  return async () => {
    begun();
    const context = Context.current();
    const heartbeat = setInterval(() => context.heartbeat(), 100);
    try {
      return await context.cancelled;
    } finally {
      clearInterval(heartbeat);
    }
  };
}
