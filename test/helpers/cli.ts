import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectPath } from './project.ts';

export interface CliRun {
  child: ReturnType<typeof spawn>;
  /** What it has printed so far. */
  printed: { stdout: string; stderr: string };
  /** Resolves when it has ended. */
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts the command line as a program of its own, its output going into pipes. */
export function startCli(
  args: readonly string[],
  environment: Record<string, string> = {},
  input: string | null = null,
): CliRun {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [projectPath('src/cli/main.ts'), ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    printed.stdout += text;
  });
  child.stderr.on('data', (text) => {
    printed.stderr += text;
  });
  child.stdin.end(input ?? '');
  const ended = once(child, 'close').then(([code]) => ({ code, ...printed }));
  return { child, printed, ended };
}
