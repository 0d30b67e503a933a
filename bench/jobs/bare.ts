import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** A worker and a client with nothing of ours between them and the server at `address`; `work` is the one activity. */
export async function startBare(address: string, work: (input: string) => Promise<void>) {
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: 'bare-workflows', workflowBundle }),
    Worker.create({
      connection,
      taskQueue: 'bare-activities',
      activities: { work },
      maxConcurrentActivityTaskExecutions: 32,
    }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    /** Resolves when the workflow has ended. */
    async run(input: string): Promise<void> {
      const workflowId = crypto.randomUUID();
      await client.workflow.execute('bare', {
        workflowId,
        taskQueue: 'bare-workflows',
        args: ['bare-activities', input],
      });
    },

    async stop(): Promise<void> {
      for (const worker of workers) worker.shutdown();
      await running;
      await clientConnection.close();
      await connection.close();
    },
  };
}
