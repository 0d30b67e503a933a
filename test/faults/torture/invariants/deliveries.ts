/** I4: every owner was told of every end, in the same words each time. I8: and nobody else was. */
import { isTerminal } from '../../../../src/core/job.ts';
import type { StoredJob } from '../final-state.ts';
import type { ReceivedMessage } from '../receiver.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';

export function everyEndIsTold(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const fault = (about: string, what: string) => found.push({ invariant: 'I4', about, what });
  const { messages } = evidence.state;
  evidence.judged('I4', 'messages', messages.length);
  const bySubject = grouped(messages, ({ subject }) => subject);
  const hooked = new Set(evidence.entries.flatMap((entry) => (entry.type === 'hooked' ? entry.operation : [])));
  for (const { operation, jobId } of acceptedJobs(evidence)) {
    const job = evidence.jobs.get(jobId);
    if (!job || !isTerminal(job.status)) continue;
    const toOwner = (bySubject.get(jobId) ?? []).filter(({ owner }) => owner === evidence.owners.get(operation));
    const atHook = toOwner.filter(({ hook }) => hook === operation);
    const atEndpoint = toOwner.filter(({ hook }) => hook === null);
    evidence.judged('I4', 'ends');
    for (const what of faultsOfTelling(job, atEndpoint)) fault(operation, what);
    if (!hooked.has(operation)) continue;
    evidence.judged('I4', 'ends told to addresses of jobs');
    for (const what of faultsOfTelling(job, atHook)) fault(operation, `${what} at its own address`);
  }
  for (const { id, isSigned, subject, hook } of messages) {
    if (!isSigned) fault(id, 'has no valid signature');
    if (!evidence.jobs.has(subject) && !evidence.deleted.has(subject))
      fault(id, `tells of job ${subject}, which there is not`);
    else if (hook !== null && !(hooked.has(hook) && evidence.accepted.get(hook)?.has(subject)))
      fault(id, `tells of job ${subject} at the address of ${hook}`);
  }
  return found;
}

/** What is wrong with all that one receiver was told of the end of a job. */
function faultsOfTelling({ id, status }: StoredJob, copies: readonly ReceivedMessage[]): string[] {
  const faults: string[] = [];
  const ofJob = copies.filter(({ type }) => type === `job.${status}`);
  if (!ofJob.some(({ isAccepted }) => isAccepted)) faults.push(`its owner was not told that job ${id} is ${status}`);
  // A batch may be spoken of in its own words beside that.
  const others = copies.filter(({ type }) => type !== `job.${status}` && type !== `batch.${status}`);
  if (others.length > 0) faults.push(`job ${id} is ${status} and was told as ${others.map(({ type }) => type).join()}`);
  for (const [type, told] of grouped(copies, (copy) => copy.type)) {
    if (new Set(told.map((copy) => copy.id)).size > 1) faults.push(`${type} of job ${id} was told as two events`);
  }
  return faults;
}

/** A message was sent to whoever owns what it tells of: it was signed with that tenant's secret. */
export function nobodyElseIsTold({ state, jobs }: Evidence): Violation[] {
  return state.messages.flatMap(({ id, owner, subject }) => {
    const job = jobs.get(subject);
    if (!job || job.owner === owner) return [];
    return [{ invariant: 'I8', about: id, what: `told tenant ${owner} of job ${subject} of tenant ${job.owner}` }];
  });
}
