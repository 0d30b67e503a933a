/** node:test's global setup: engines for this run, their addresses in the environment of every test file. */
import { describeFailure } from '../engines/launcher-error.ts';
import { createProgress } from '../engines/progress.ts';
import { readSettings } from '../engines/settings.ts';
import { startTestEngines, type TestRun } from '../engines/test-engines.ts';

let run: TestRun | undefined;

export async function globalSetup(): Promise<void> {
  try {
    run = await startTestEngines(readSettings(), createProgress());
  } catch (error) {
    process.stderr.write(`\n${describeFailure(error)}\n`);
    throw new Error('The engines for the tests could not be started; the reason is above.');
  }
  Object.assign(process.env, run.environment);
}

export async function globalTeardown(): Promise<void> {
  await run?.end();
}
