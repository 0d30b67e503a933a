/** The Temporal development server: one process with its own UI. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { DaemonSpec } from './daemon.ts';

export interface TemporalOptions {
  program: string;
  port: number;
  /** No UI without it. */
  uiPort?: number;
  /** Workflows survive a restart when true; otherwise they live in memory. */
  persistent: boolean;
  directory: string;
  logFile: string;
}

const callTimeoutMs = 1_000;

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: callTimeoutMs });
  try {
    await connection.withDeadline(Date.now() + callTimeoutMs, () =>
      connection.workflowService.describeNamespace({ namespace: 'default' }),
    );
    return true;
  } finally {
    await connection.close();
  }
}

/** The database file, and settings that trade nothing a development server needs: 24 ms per workflow in place of 44. */
function databaseArgs(directory: string): string[] {
  const pragmas = ['synchronous=off', 'journal_mode=wal'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  return ['--db-filename', join(directory, 'temporal.db'), ...pragmas];
}

export async function describeTemporal(options: TemporalOptions): Promise<DaemonSpec> {
  const { program, port, uiPort, directory, logFile } = options;
  // It writes an id file into its home, which must not be the user's.
  const home = join(directory, 'home');
  await mkdir(home, { recursive: true });
  return {
    title: 'Temporal',
    command: program,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(options.persistent ? databaseArgs(directory) : []),
      // Without it the server advances in steps of 50 ms: a workflow with one activity takes 100 ms in place of 27.
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=100'],
      // Without it a workflow whose worker was killed nine times over is given to the next after ten minutes.
      ...['--dynamic-config-value', 'history.workflowTaskRetryMaxInterval="20s"'],
    ],
    env: { ...process.env, HOME: home },
    logFile,
    isReady: () => answers(`127.0.0.1:${port}`),
    readyTimeoutMs: 60_000,
    remedy: () => undefined,
  };
}
