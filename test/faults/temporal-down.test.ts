import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { acquire } from '../../engines/acquire/acquire.ts';
import { startDaemon } from '../../engines/launch/daemon.ts';
import { openSession, type Session } from '../../engines/launch/session.ts';
import { describeTemporal } from '../../engines/launch/temporal.ts';
import { findFreePorts } from '../../engines/ports.ts';
import { endGroup, type ProcessIdentity } from '../../engines/processes.ts';
import { createProgress } from '../../engines/progress.ts';
import { readSettings } from '../../engines/settings.ts';
import type { Client } from '../../examples/demo/client.ts';
import { openStack, type RunningStack, until } from '../helpers/stack.ts';

const submissions = 10;

/** A Temporal server of this test's own that keeps its workflows when it is stopped. */
async function createTemporal(session: Session, directory: string) {
  const { path: program } = await acquire('temporal', { ...readSettings(), addresses: {} }, createProgress());
  const [port = 0] = await findFreePorts(1);
  const logFile = join(directory, 'temporal.log');
  let process: ProcessIdentity | undefined;
  return {
    address: `127.0.0.1:${port}`,
    async start() {
      process = await startDaemon(
        await describeTemporal({ program, port, persistent: true, directory, logFile }),
        session,
      );
    },
    async stop() {
      if (process) await endGroup(process, 5_000);
    },
  };
}

describe('Temporal away', () => {
  let session: Session;
  let directory: string;
  let temporal: Awaited<ReturnType<typeof createTemporal>>;
  let running: RunningStack;
  before(async () => {
    session = openSession();
    directory = await mkdtemp(join(tmpdir(), 'switchyard-temporal-'));
    temporal = await createTemporal(session, directory);
    await temporal.start();
    running = await openStack('temporal', 1, { TEMPORAL_ADDRESS: temporal.address });
  });
  after(async () => {
    await running.stack.stop();
    await session.endAll(5_000);
    await rm(directory, { recursive: true, force: true });
  });

  async function allCompleted(client: Client, ids: string[]): Promise<void> {
    await until('every job completed', 60_000, async () => {
      const jobs = await Promise.all(ids.map((id) => client.getJob(id)));
      return jobs.every(({ status }) => status === 'completed');
    });
  }

  function says(message: string): Promise<void> {
    return until(message, 90_000, async () => running.lines.some(({ msg }) => msg === message));
  }

  it('still accepts jobs, says that it is degraded, and runs all of them once it is back', async () => {
    const client = await running.signUp();
    await says('worker is ready');
    await temporal.stop();
    const ids = await Promise.all(Array.from({ length: submissions }, () => client.submitEmbedding('while away')));
    assert.equal(new Set(ids).size, submissions);
    const health = (await (await fetch(`${running.stack.url}/readyz?verbose`)).json()) as { status: string };
    assert.equal(health.status, 'degraded');
    assert.equal((await client.getJob(ids[0] ?? '')).status, 'queued');

    await temporal.start();
    await allCompleted(client, ids);
  });

  it('is waited for by a worker that starts meanwhile', async () => {
    const client = await running.signUp();
    await temporal.stop();
    await Promise.all(running.stack.workers.map((worker) => worker.kill()));
    running.stack.addWorker();
    const id = await client.submitEmbedding('nobody there');
    await says('the workflow engine does not answer; will try again');

    await temporal.start();
    await allCompleted(client, [id]);
  });
});
