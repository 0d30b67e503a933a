/** I4: every owner was told of every end, in the same words each time. */
import { isTerminal } from '../../../../src/core/job.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';

export function everyEndIsTold(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I4', about, what });
  const { messages } = evidence.state;
  const bySubject = grouped(messages, ({ subject }) => subject);
  for (const { operation, jobId } of acceptedJobs(evidence)) {
    const job = evidence.jobs.get(jobId);
    if (!job || !isTerminal(job.status)) continue;
    const copies = bySubject.get(jobId) ?? [];
    if (!copies.some(({ isAccepted }) => isAccepted))
      fault(operation, `nobody was told that job ${jobId} is ${job.status}`);
    if (new Set(copies.map(({ id }) => id)).size > 1)
      fault(operation, `the end of job ${jobId} was told as two events`);
    const others = copies.filter(({ type }) => type !== `job.${job.status}`).map(({ type }) => type);
    if (others.length > 0) fault(operation, `job ${jobId} is ${job.status} and was told as ${others.join(', ')}`);
  }
  for (const { id, isSigned } of messages) if (!isSigned) fault(id, 'has no valid signature');
  return found;
}
