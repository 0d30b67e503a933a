/**
 * `npm test [files]`: all checks, then all tests on engines of their own; the output ends with node's summary.
 * `npm run test:faults` runs the fault tests instead, which take longer and kill things; with `--kills N [--seed S]` it
 * is the torture run alone, which kills N processes under load and then looks for harm.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { runChecks } from './check.ts';
import { compileCache } from './compile-cache.ts';
import { LauncherError, runMain } from './launcher-error.ts';
import { onParentGone } from './parent.ts';
import { readSettings } from './settings.ts';

interface Suite {
  pattern: string;
  exclude: readonly string[];
  timeoutMs: number;
  /** Test files at a time; node's own default is one on two cores. */
  concurrency: number;
}

const faultPattern = 'test/faults/**/*.test.ts';

const suites = {
  tests: { pattern: 'test/**/*.test.ts', exclude: [faultPattern], timeoutMs: 600_000, concurrency: 2 },
  // One at a time: each kills and waits, and its times must be its own.
  faults: { pattern: faultPattern, exclude: [], timeoutMs: 1_800_000, concurrency: 1 },
} as const satisfies Record<string, Suite>;

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

function runNodeTest(files: readonly string[], root: string, suite: Suite): Promise<number> {
  const flags = [
    '--test',
    '--test-reporter=spec',
    '--test-global-setup=test/global.ts',
    `--test-concurrency=${suite.concurrency}`,
    `--test-timeout=${suite.timeoutMs}`,
  ];
  const child = spawn(process.execPath, [...flags, ...files], {
    cwd: root,
    env: { ...process.env, ...compileCache },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  onParentGone(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

if (process.argv.includes('--kills')) await import('../test/faults/torture/main.ts');
else await runMain(runTests);

async function runTests(): Promise<void> {
  const { projectDir } = readSettings();
  const named = process.argv.slice(2).filter((argument) => argument !== '--faults');
  const kind = process.argv.includes('--faults') ? 'faults' : 'tests';
  const suite = suites[kind];
  const files =
    named.length > 0 ? findFiles(named, projectDir, []) : findFiles([suite.pattern], projectDir, suite.exclude);
  // Who names files is at work on them; the whole run is what must be clean.
  const checked = kind === 'faults' || named.length > 0 || (await runChecks(projectDir));
  if (!checked)
    process.stderr.write('A check failed, see above. The tests run all the same; this will exit with 1.\n\n');
  const code = await runNodeTest(files, projectDir, suite);
  process.exitCode = checked ? code : code || 1;
}
