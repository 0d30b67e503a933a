/** I6 for batches: each line is in exactly one of the two files, with its own answer. */
import { answerTo } from '../provider.ts';
import { type Evidence, grouped, type Violation } from './evidence.ts';

export function everyLineOnce(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I6', about, what });
  const byMark = grouped(evidence.state.lines, ({ customId }) => customId);
  for (const entry of evidence.entries) {
    const [jobId = ''] = entry.type === 'lines' ? (evidence.accepted.get(entry.operation) ?? []) : [];
    if (entry.type !== 'lines' || evidence.jobs.get(jobId)?.status !== 'completed') continue;
    for (const mark of entry.marks) {
      const lines = byMark.get(mark) ?? [];
      if (lines.length !== 1) fault(mark, `is ${lines.length} times in the files of its batch`);
      const [line] = lines;
      if (line?.file === 'output' && line.content !== answerTo(mark).join(''))
        fault(mark, `was answered ${line.content}`);
    }
  }
  return found;
}
