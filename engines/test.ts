/**
 * `npm test [files]`: all checks, then all tests on engines of their own; the output ends with node's summary.
 * `npm run test:faults` runs the fault tests instead, which take longer and kill things.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { runChecks } from './check.ts';
import { LauncherError, runMain } from './launcher-error.ts';
import { onParentGone } from './parent.ts';
import { readSettings } from './settings.ts';

const testTimeoutMs = 180_000;
const faultTimeoutMs = 600_000;
/** node's own default is one file at a time on two cores. */
const concurrency = 2;

const faultPattern = 'test/faults/**/*.test.ts';

/** A pattern that matches nothing would let node exit with 0 and no test run. */
function findFiles(patterns: readonly string[], root: string, exclude: readonly string[]): string[] {
  const files = patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root, exclude });
    if (found.length === 0)
      throw new LauncherError(`No test file matches ${pattern}.`, 'Check the path: it starts at the project folder.');
    return found;
  });
  return [...new Set(files)].sort();
}

function runNodeTest(
  files: readonly string[],
  root: string,
  options: { timeoutMs: number; concurrency: number },
): Promise<number> {
  const flags = [
    '--test',
    '--test-reporter=spec',
    '--test-global-setup=test/global.ts',
    `--test-concurrency=${options.concurrency}`,
    `--test-timeout=${options.timeoutMs}`,
  ];
  const child = spawn(process.execPath, [...flags, ...files], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  onParentGone(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

await runMain(async () => {
  const { projectDir } = readSettings();
  const args = process.argv.slice(2);
  const faults = args.includes('--faults');
  const named = args.filter((arg) => arg !== '--faults');
  if (faults) {
    const files = findFiles([...(named.length > 0 ? named : [faultPattern])], projectDir, []);
    process.exitCode = await runNodeTest(files, projectDir, { timeoutMs: faultTimeoutMs, concurrency: 1 });
    return;
  }
  const files = findFiles(
    named.length > 0 ? named : ['test/**/*.test.ts'],
    projectDir,
    named.length > 0 ? [] : [faultPattern],
  );
  const checksPassed = named.length > 0 || (await runChecks(projectDir));
  if (!checksPassed)
    process.stderr.write('A check failed, see above. The tests run all the same; this command will fail.\n\n');
  const code = await runNodeTest(files, projectDir, { timeoutMs: testTimeoutMs, concurrency });
  process.exitCode = checksPassed ? code : code || 1;
});
