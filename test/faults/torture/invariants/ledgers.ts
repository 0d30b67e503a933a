/** I5 from the other side: what the vendor counted is in our records, and nothing else is. */
import type { OperationKind } from '../history.ts';
import { needsOf, synchronousCalls } from './calls.ts';
import { acceptedJobs, type Evidence, grouped, type Violation } from './evidence.ts';
import { feltDuring, type Trouble } from './trouble.ts';

/** What a caller does that costs something. A batch is billed by its lines. */
const billable = new Set<OperationKind>([
  'call',
  'stream',
  'search',
  'job',
  'streamed-job',
  'deleted-job',
  'document',
  'cancel',
]);

/** Every record is of something that somebody asked for. */
export function everyRecordIsKnown(evidence: Evidence): Violation[] {
  const lines = new Set(evidence.state.lines.map(({ id }) => id));
  evidence.judged('I5', 'records', evidence.state.usage.length);
  return evidence.state.usage.flatMap(({ id, requestId }) => {
    const kind = evidence.kinds.get(requestId);
    if (lines.has(requestId) || (kind !== undefined && billable.has(kind))) return [];
    return [{ invariant: 'I5', about: id, what: `is a record of request ${requestId}, which nobody made` }];
  });
}

/**
 * Of no operation are there more records of whole answers than the vendor was asked. That it gave one to the end is no
 * measure: whoever has the last event of a stream need not wait until its connection ends.
 */
export function nothingIsInvented(evidence: Evidence): Violation[] {
  const marks = new Map(evidence.state.lines.map(({ id, customId }) => [id, customId]));
  const calls = grouped(evidence.state.provider, ({ operation }) => operation ?? '');
  return [...evidence.usage].flatMap(([request, rows]) => {
    const whole = rows.filter((row) => row.status === 200 && !row.estimated && row.promptTokens > 0).length;
    const asked = calls.get(marks.get(request) ?? request)?.length ?? 0;
    if (whole <= asked) return [];
    return [{ invariant: 'I5', about: request, what: `has ${whole} records of ${asked} calls` }];
  });
}

interface Unit {
  operation: string;
  from: number;
  to: number;
  /** Whether the vendor may have been asked in vain, because whoever asked was hit meanwhile. */
  dependsOn(trouble: Trouble): boolean;
}

/** What ended well and nothing disturbed was asked of the vendor once, and has one record, billed or not. */
export function undisturbedIsExact(evidence: Evidence): Violation[] {
  const calls = grouped(evidence.state.provider, ({ operation }) => operation ?? '');
  return [...answeredCalls(evidence), ...completedJobs(evidence)].flatMap(({ operation, from, to, dependsOn }) => {
    if (feltDuring(evidence.troubles.filter(dependsOn), from, to).length > 0) return [];
    evidence.judged('I5', 'calls and jobs that nothing disturbed');
    const asked = calls.get(operation)?.length ?? 0;
    const records = evidence.usage.get(operation)?.length ?? 0;
    if (asked === 1 && records === 1) return [];
    return [{ invariant: 'I5', about: operation, what: `was asked ${asked} times and has ${records} records` }];
  });
}

/** A call whose caller never had the answer is billed all the same if a process that nobody hit had it from the vendor. */
export function lostAnswersAreBilled(evidence: Evidence): Violation[] {
  const answered = new Set(evidence.state.provider.flatMap((call) => (call.answered ? [call.operation] : [])));
  return synchronousCalls(evidence).flatMap((call) => {
    const { operation, from, to, outcome } = call;
    if (outcome === 'ok' || !answered.has(operation)) return [];
    const needs = needsOf(call);
    if (feltDuring(evidence.troubles, from, to).some(({ target }) => needs.has(target))) return [];
    evidence.judged('I5', 'answers that were lost on the way to their callers');
    const rows = (evidence.usage.get(operation) ?? []).filter(({ isBilled }) => isBilled);
    if (rows.length === 1) return [];
    return [
      { invariant: 'I5', about: operation, what: `was answered by the vendor and has ${rows.length} billed rows` },
    ];
  });
}

function answeredCalls(evidence: Evidence): Unit[] {
  return synchronousCalls(evidence).flatMap((call) => {
    const { operation, from, to, outcome } = call;
    const needs = needsOf(call);
    // A search by words asks no model.
    return outcome === 'ok' && call.kind !== 'search'
      ? [{ operation, from, to, dependsOn: ({ target }: Trouble) => needs.has(target) }]
      : [];
  });
}

const needsOfJobs = new Set(['worker-mongodb', 'worker-temporal', 'mongodb', 'temporal', 'gateway-provider']);

function completedJobs(evidence: Evidence): Unit[] {
  const dependsOn = ({ target }: Trouble) => needsOfJobs.has(target) || /^worker-\d/.test(target);
  return acceptedJobs(evidence).flatMap(({ operation, jobId }) => {
    const kind = evidence.kinds.get(operation);
    const job = evidence.jobs.get(jobId);
    if ((kind !== 'job' && kind !== 'streamed-job') || job?.status !== 'completed' || job.completedAt === null)
      return [];
    return [{ operation, from: job.createdAt, to: job.completedAt, dependsOn }];
  });
}
