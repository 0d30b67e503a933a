/**
 * `npm run test:mutations [-- part of a guard's name]`: takes one guard after the other out of a copy of the source and
 * demands that a test notices. Before it, the same tests must pass on the copy as it is. Ends with 1 otherwise.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../../engines/progress.ts';
import { readSettings } from '../../engines/settings.ts';
import { startTestEngines } from '../../engines/test-engines.ts';
import { type Mutation, mutations } from './mutations.ts';

const root = join(import.meta.dirname, '../..');
const copied = ['src', 'test', 'engines', 'examples', 'package.json', 'package-lock.json', 'tsconfig.json'];

type Verdict = 'noticed' | 'NOT NOTICED' | 'FAILS WITHOUT IT' | 'NO SUCH SOURCE';

const wanted = process.argv[2] ?? '';
const chosen = mutations.filter(({ guard }) => guard.includes(wanted));
const settings = readSettings();
const folder = join(settings.dataDir, `mutations-${process.pid}`);
// Whoever has engines running names them in the environment.
const engines = process.env['MONGODB_URL'] ? null : await startTestEngines(settings, createProgress());

/** Whether the tests pass in the copy. */
function passes(test: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, test, {
    cwd: folder,
    env: { ...process.env, ...engines?.environment },
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function judge({ file, from, to, test }: Mutation): Promise<Verdict> {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) return 'NO SUCH SOURCE';
  if (!(await passes(test))) return 'FAILS WITHOUT IT';
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    return (await passes(test)) ? 'NOT NOTICED' : 'noticed';
  } finally {
    writeFileSync(path, source);
  }
}

mkdirSync(folder, { recursive: true });
try {
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  let noticed = 0;
  for (const mutation of chosen) {
    const startedAt = Date.now();
    const verdict = await judge(mutation);
    if (verdict === 'noticed') noticed += 1;
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    process.stdout.write(`${verdict.padEnd(17)} ${mutation.guard} (${seconds} s)\n`);
  }
  process.stdout.write(`${noticed} of ${chosen.length} guards: a test fails when they are gone\n`);
  if (noticed < chosen.length) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  await engines?.end();
}
