import { NativeConnection, TransportError, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from '../core/call.ts';
import { type Queue, queueName, webhookSlots } from '../core/queues.ts';
import type { Verbs } from '../core/verbs.ts';
import { activitiesOf } from './activities.ts';
import { untilAnswered } from './until-answered.ts';

export interface WorkerSettings {
  address: string;
  namespace: string;
  queuePrefix: string;
  shutdownGraceMs: number;
  /** Steps that are bound by processor time run at most this many at once. */
  cpuSlots: number;
  bundle: { codePath: string };
}

/** How many steps of a queue one process runs at once. */
const slots = { io: 50, llm: 32, webhooks: webhookSlots, short: 200, batch: 8, files: 8 } as const;

/** One Temporal worker per queue, on one connection. Waits for a server that does not answer yet. */
export async function createWorkers(settings: WorkerSettings, verbs: Verbs, log: Logger) {
  const connection = await connect(settings.address, log);
  const common = (queue: Queue): WorkerOptions => ({
    connection,
    namespace: settings.namespace,
    taskQueue: queueName(settings.queuePrefix, queue),
    shutdownGraceTime: settings.shutdownGraceMs,
    shutdownForceTime: settings.shutdownGraceMs + 5_000,
    // Bounds how late a step learns that it was cancelled; the default is a minute.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
  });
  const workers = await Promise.all([
    Worker.create({
      ...common('workflows'),
      workflowBundle: settings.bundle,
      maxCachedWorkflows: 200,
      stickyQueueScheduleToStartTimeout: '5 seconds',
    }),
    activityWorker('io', slots.io),
    activityWorker('llm', slots.llm),
    activityWorker('webhooks', slots.webhooks),
    activityWorker('short', slots.short),
    activityWorker('batch', slots.batch),
    activityWorker('files', slots.files),
    activityWorker('cpu', settings.cpuSlots),
  ]);

  function activityWorker(queue: Queue, maxConcurrentActivityTaskExecutions: number): Promise<Worker> {
    const activities = activitiesOf(queue, verbs, log);
    return Worker.create({ ...common(queue), activities, maxConcurrentActivityTaskExecutions });
  }

  return {
    /** Resolves when all workers have drained after `stop`; rejects when one of them fails. */
    async run(): Promise<void> {
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        await connection.close();
      }
    },

    stop(): void {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },

    isRunning: () => workers.every((worker) => worker.getState() === 'RUNNING'),
  };
}

function connect(address: string, log: Logger): Promise<NativeConnection> {
  const isAway = (error: unknown) => error instanceof TransportError;
  return untilAnswered(() => NativeConnection.connect({ address }), { isAway, log, address });
}
