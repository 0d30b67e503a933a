import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure, Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connectTemporal } from '../../../src/adapters/temporal/connection.ts';
import { queueName } from '../../../src/core/queues.ts';
import type { Steps } from '../../../src/workflows/steps.ts';
import { useEngines } from '../../helpers/engines.ts';
import { waitFor } from '../../helpers/wait-for.ts';

/** Some pages of this are longer than the repairs of one pass may take. */
const longPageMs = 2_000;
const passes = 2;

describe('passes of the reconciler, run by a schedule', () => {
  const engines = useEngines();
  const id = `passes-${crypto.randomUUID()}`;
  const temporal = connectTemporal(engines.temporalAddress);
  const { schedule } = new Client({ connection: temporal });
  let connection: NativeConnection;

  before(async () => {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    connection = await NativeConnection.connect({ address: engines.temporalAddress });
  });
  after(async () => {
    await connection.close();
    await temporal.close();
  });

  it('go on where the one before stopped, also where that failed', async () => {
    const cursors: (string | null)[] = [];
    let failed = 0;
    let pages = Number.POSITIVE_INFINITY;
    const steps: Partial<Steps> = {
      dispatchJobs: async () => ({ started: 0 }),
      dispatchDeliveries: async () => ({ started: 0 }),
      async reconcileJobs({ cursor }) {
        cursors.push(cursor);
        await delay(longPageMs);
        return { cursor: String(cursors.length), repaired: 0 };
      },
      reconcileDeliveries: async () => ({ cursor: null, repaired: 0 }),
      async purgeExpired() {
        failed += 1;
        if (failed === passes) pages = cursors.length;
        throw ApplicationFailure.nonRetryable('a store is away');
      },
    };
    const workflowsPath = fileURLToPath(new URL('../../../src/workflows/index.ts', import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const taskQueue = queueName(id, 'workflows');
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue, workflowBundle }),
      Worker.create({ connection, taskQueue: queueName(id, 'io'), activities: steps }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const handle = await schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every: '1s' }] },
      action: { type: 'startWorkflow', workflowType: 'reconcile', workflowId: id, taskQueue },
    });
    await waitFor('the pass after them', () => failed === passes && cursors.length > pages);
    await handle.delete();
    for (const worker of workers) worker.shutdown();
    await running;
    assert.deepEqual(cursors.slice(0, pages + 1), [
      null,
      ...Array.from({ length: pages }, (_, page) => String(page + 1)),
    ]);
  });
});
