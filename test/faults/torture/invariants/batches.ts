/** I6 for batches: each line is in exactly one of the two files, with its own answer, or with an error that has a cause. */
import { isTerminal } from '../../../../src/core/job.ts';
import type { StoredJob } from '../final-state.ts';
import { answerTo } from '../provider.ts';
import { type Evidence, grouped, type Violation } from './evidence.ts';
import { breakerMs, during } from './trouble.ts';

export function everyLineOnce(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I6', about, what });
  const called = new Set(evidence.state.provider.map(({ operation }) => operation));
  const byMark = grouped(evidence.state.lines, ({ customId }) => customId);
  for (const entry of evidence.entries) {
    const [jobId = ''] = entry.type === 'lines' ? (evidence.accepted.get(entry.operation) ?? []) : [];
    const job = evidence.jobs.get(jobId);
    if (entry.type !== 'lines' || !job || !isTerminal(job.status)) continue;
    // Of one that was cancelled before its lines had been looked at there are no files.
    const wasKnown = entry.marks.some((mark) => called.has(mark) || byMark.has(mark));
    if (!wasKnown && job.status === 'cancelled') continue;
    evidence.judged('I6', `batches ${job.status}`);
    evidence.judged('I6', 'lines', entry.marks.length);
    const mayHaveErrors = job.status !== 'completed' || vendorWasCut(evidence, job);
    for (const mark of entry.marks) {
      const lines = byMark.get(mark) ?? [];
      if (lines.length !== 1) fault(mark, `is ${lines.length} times in the files of its batch`);
      const [line] = lines;
      if (line && line.jobId !== jobId) fault(mark, `is in a file of job ${line.jobId}`);
      if (line?.file === 'output' && line.content !== answerTo(mark).join(''))
        fault(mark, `was answered ${line.content}`);
      if (line?.file !== 'error') continue;
      evidence.judged('I6', 'lines with an error');
      if (!mayHaveErrors) fault(mark, 'is an error though its vendor could be reached all the time');
    }
  }
  const marks = new Set(evidence.entries.flatMap((entry) => (entry.type === 'lines' ? entry.marks : [])));
  for (const mark of byMark.keys()) if (!marks.has(mark)) fault(mark, 'is in a file and was in no batch');
  return found;
}

function vendorWasCut({ troubles }: Evidence, { createdAt, completedAt }: StoredJob): boolean {
  const meanwhile = during(troubles, createdAt, completedAt ?? Number.POSITIVE_INFINITY, breakerMs);
  return meanwhile.some(({ target }) => target === 'gateway-provider');
}
