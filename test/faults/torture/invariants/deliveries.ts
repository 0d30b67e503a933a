/** I4: every owner was told of every end, in the same words each time. I8: and nobody else was. */
import { isTerminal } from '../../../../src/core/job.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';

export function everyEndIsTold(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I4', about, what });
  const { messages } = evidence.state;
  evidence.judged('I4', 'messages', messages.length);
  const bySubject = grouped(messages, ({ subject }) => subject);
  for (const { operation, jobId } of acceptedJobs(evidence)) {
    const job = evidence.jobs.get(jobId);
    if (!job || !isTerminal(job.status)) continue;
    evidence.judged('I4', 'ends');
    const copies = (bySubject.get(jobId) ?? []).filter(({ owner }) => owner === evidence.owners.get(operation));
    if (!copies.some(({ isAccepted }) => isAccepted))
      fault(operation, `its owner was not told that job ${jobId} is ${job.status}`);
    if (new Set(copies.map(({ id }) => id)).size > 1)
      fault(operation, `the end of job ${jobId} was told as two events`);
    const others = copies.filter(({ type }) => type !== `job.${job.status}`).map(({ type }) => type);
    if (others.length > 0) fault(operation, `job ${jobId} is ${job.status} and was told as ${others.join(', ')}`);
  }
  for (const { id, isSigned, subject } of messages) {
    if (!isSigned) fault(id, 'has no valid signature');
    if (!evidence.jobs.has(subject)) fault(id, `tells of job ${subject}, which there is not`);
  }
  return found;
}

/** A message was sent to whoever owns what it tells of: it was signed with that tenant's secret. */
export function nobodyElseIsTold({ state, jobs }: Evidence): Violation[] {
  return state.messages.flatMap(({ id, owner, subject }) => {
    const job = jobs.get(subject);
    if (!job || job.owner === owner) return [];
    return [{ invariant: 'I8', about: id, what: `told tenant ${owner} of job ${subject} of tenant ${job.owner}` }];
  });
}
