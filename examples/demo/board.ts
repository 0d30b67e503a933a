/** Live progress of several jobs: redrawn in place on a terminal, a line per change anywhere else. */
import type { Job } from './client.ts';

const barWidth = 24;

export interface Row {
  name: string;
  job: Job;
}

export function createBoard(stream: NodeJS.WriteStream = process.stdout) {
  let drawn = 0;
  const last = new Map<string, string>();

  function draw(rows: readonly Row[]): void {
    if (!stream.isTTY) {
      drawChanges(rows);
      return;
    }
    if (drawn > 0) stream.moveCursor(0, -drawn);
    for (const row of rows) {
      stream.clearLine(0);
      stream.write(`${lineOf(row)}\n`);
    }
    drawn = rows.length;
  }

  /** Quarter by quarter, so that a log stays readable. */
  function drawChanges(rows: readonly Row[]): void {
    for (const row of rows) {
      const percent = row.job.progress?.percent ?? 0;
      const state = `${row.job.status} ${Math.floor(percent / 25)}`;
      if (last.get(row.name) === state) continue;
      last.set(row.name, state);
      stream.write(`${lineOf(row)}\n`);
    }
  }

  return {
    draw,
    /** What is written next must not be drawn over. */
    release(): void {
      drawn = 0;
    },
  };
}

function lineOf({ name, job }: Row): string {
  const percent = job.status === 'completed' ? 100 : (job.progress?.percent ?? 0);
  const filled = Math.round((barWidth * percent) / 100);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const note = job.status === 'in_progress' ? (job.progress?.message ?? job.progress?.stage ?? '') : job.status;
  return `  ${name.padEnd(28).slice(0, 28)} ${bar} ${String(percent).padStart(3)} %  ${note}`;
}
