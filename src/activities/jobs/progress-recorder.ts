import type { Progress } from '../../core/call.ts';
import type { JobRun } from '../../core/job.ts';
import type { Lifecycle } from './lifecycle.ts';

const intervalMs = 500;

/** Writes a call's progress to its job, at most one line per interval; the latest wins. */
export function createProgressRecorder(lifecycle: Lifecycle, ref: JobRun, now: () => number) {
  let latest: Progress | null = null;
  let lastWrite = 0;
  let writing: Promise<void> = Promise.resolve();

  function write(): void {
    const progress = latest;
    if (!progress) return;
    latest = null;
    lastWrite = now();
    writing = writing.then(() => lifecycle.report(ref, [], progress));
    // Awaited in `flush`; until then a failure must not end the process.
    writing.catch(() => undefined);
  }

  return {
    record(progress: Progress): void {
      latest = progress;
      if (now() - lastWrite >= intervalMs) write();
    },
    async flush(): Promise<void> {
      write();
      await writing;
    },
  };
}
