/** Programs of the machine, run to their end. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const maxOutputChars = 64_000;

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}

/** A program that did not end well. The message has its last lines, `output` everything it printed, up to 64 KB. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Resolves to standard output; any other end throws with the last lines of what was printed. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.env && { env: options.env }),
      ...(options.timeoutMs && { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    });
    // What we started for ourselves is of no use to anybody once we exit.
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    let output = '';
    let everything = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-maxOutputChars);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        everything = (everything + chunk).slice(-maxOutputChars);
      });
    }
    child.on('error', (error) => reject(new CommandError(`${command} could not be run: ${error.message}`, '')));
    child.on('close', (code, signal) => {
      process.off('exit', endWithUs);
      if (code === 0) return resolve(output);
      const end = signal ? `was ended by ${signal}` : `exited with ${code}`;
      const tail = everything.trim().split('\n').slice(-20).join('\n');
      reject(new CommandError(`${[command, ...args].join(' ')} ${end}:\n${tail}`, everything));
    });
  });
}

export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The first executable of that name on PATH. */
export async function findOnPath(command: string): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(directory, command);
    if (directory && (await isExecutableFile(candidate))) return candidate;
  }
  return undefined;
}
