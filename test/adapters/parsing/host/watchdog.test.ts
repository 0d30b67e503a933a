import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isRunning } from '../../../helpers/parsing.ts';

const watchdog = fileURLToPath(new URL('../../../../src/adapters/parsing/host/watchdog.ts', import.meta.url));

/** Starts the thread, says so, and never lets the main thread go again. */
const busyForever = `
  const worker = new (require('node:worker_threads').Worker)(${JSON.stringify(watchdog)}, { workerData: process.ppid });
  worker.once('online', () => { require('node:fs').writeSync(1, process.pid + '\\n'); for (;;); });`;
const parentOfIt = `
  require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busyForever)}], { stdio: 'inherit' });`;

test('a busy child ends with a parent that is killed', async () => {
  const parent = spawn(process.execPath, ['-e', parentOfIt], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const id = Number(line);
  assert.ok(isRunning(id));
  parent.kill('SIGKILL');
  const started = performance.now();
  while (isRunning(id)) {
    if (performance.now() - started > 60_000) process.kill(id, 'SIGKILL');
    assert.ok(performance.now() - started < 60_000, 'the child to end');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
