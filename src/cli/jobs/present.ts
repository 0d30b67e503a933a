import type { CommandContext } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Job } from './job.ts';

/** A job as one line of columns, or of JSON. */
export function printJob(job: Job, { out, json }: CommandContext): void {
  out.line(json ? JSON.stringify(job) : columnsOf(job, out));
}

function columnsOf(job: Job, out: Terminal): string {
  const at = new Date(job.created_at * 1_000).toISOString().replace('.000Z', 'Z');
  return [job.id, statusOf(job, out), shareOf(job), at, job.endpoint, job.model ?? ''].join('  ').trimEnd();
}

function statusOf({ status }: Job, out: Terminal): string {
  const text = status.padEnd(11);
  if (status === 'completed') return out.paint('green', text);
  if (status === 'failed' || status === 'expired') return out.paint('red', text);
  return status === 'in_progress' ? out.paint('cyan', text) : text;
}

function shareOf({ status, progress }: Job): string {
  const percent = status === 'completed' ? 100 : progress?.percent;
  return `${percent == null ? '-' : Math.round(percent)} %`.padStart(5);
}
