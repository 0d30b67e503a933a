import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const named = /\bcrashPoint\(\s*'([^']+)'/g;

/** Every name that stands in the source, in order of the alphabet. */
export function crashPointsInSource(): string[] {
  const files = globSync('src/**/*.ts', { cwd: root });
  return files
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(named)].map(([, name = '']) => name))
    .toSorted();
}

/** Always as long, so that it is written over in place. */
export function counted(passes: number): string {
  return String(passes).padEnd(8);
}

/** Arms the crash points of processes that are started with `environment`. `folder` is for this alone. */
export function createCrashPoints(folder: string) {
  mkdirSync(folder, { recursive: true });
  const fileOf = (name: string, state: 'armed' | 'fired') => join(folder, `${name}.${state}`);
  return {
    environment: {
      CRASH_POINTS: folder,
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'crash-when-armed.ts')}`,
    },

    /** The process that comes to `name` next dies there, once, after that many have passed it. */
    arm(name: string, passes = 0): void {
      rmSync(fileOf(name, 'fired'), { force: true });
      writeFileSync(fileOf(name, 'armed'), counted(passes));
    },

    disarm(name: string): void {
      rmSync(fileOf(name, 'armed'), { force: true });
    },

    hasFired: (name: string) => existsSync(fileOf(name, 'fired')),
  };
}

export type CrashPoints = ReturnType<typeof createCrashPoints>;
