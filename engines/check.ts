/** `npm run check`: format and lint, types, import rules, unused code. All run, each timed; one failure fails all. */
import { CommandError, run } from './commands.ts';
import { checkImports } from './imports/check-imports.ts';
import { LauncherError, runMain } from './launcher-error.ts';
import { createProgress } from './progress.ts';
import { readSettings } from './settings.ts';

interface Check {
  title: string;
  /** What to do when it fails. */
  remedy: string;
  /** Rejects with what it found as its message. */
  perform(root: string): Promise<unknown>;
}

/** The programs of the packages, on this Node: the one on PATH may be older. */
const runPackage =
  (script: string, ...args: string[]) =>
  (root: string) =>
    run(process.execPath, [`node_modules/${script}`, ...args], { cwd: root });

const checks: readonly Check[] = [
  {
    title: 'Format and lint (biome)',
    remedy: 'Most of it mends itself: npx biome check --write .',
    perform: runPackage('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--colors=off', '.'),
  },
  {
    title: 'Types (tsc)',
    remedy: 'Correct the types; a cast needs its reason beside it.',
    perform: runPackage('typescript/bin/tsc', '--noEmit', '--project', '.'),
  },
  {
    title: 'Who imports whom (engines/imports)',
    remedy: 'Each violation says what to do instead; the rules are engines/imports/rules.ts.',
    async perform(root) {
      const violations = checkImports(root);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    },
  },
  {
    title: 'Unused files, exports and packages (knip)',
    remedy: 'Delete what nothing uses, or name a new entry in knip.jsonc.',
    perform: runPackage('knip/bin/knip.js', '--no-progress'),
  },
];

function findingsOf(error: unknown): string {
  if (error instanceof CommandError && error.output) return error.output.trimEnd();
  return error instanceof Error ? error.message : String(error);
}

/** Resolves to whether all passed; what failed is printed with its remedy. */
export async function runChecks(root: string): Promise<boolean> {
  const progress = createProgress();
  let passed = true;
  for (const { title, remedy, perform } of checks) {
    try {
      await progress.step(title, () => perform(root));
    } catch (error) {
      passed = false;
      progress.say(`${findingsOf(error)}\n${remedy}\n`);
    }
  }
  return passed;
}

if (import.meta.main) {
  await runMain(async () => {
    if (!(await runChecks(readSettings().projectDir)))
      throw new LauncherError('A check failed.', 'What to do is said above.');
  });
}
