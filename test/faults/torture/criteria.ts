/** What rows of the fault matrix demand beside the invariants. Each answers what is wrong; pure, as the judge is. */
import type { FinalState } from './final-state.ts';
import type { HistoryEntry } from './history.ts';
import { synchronousCalls } from './invariants/calls.ts';
import { acceptedJobs, arrange, type Evidence } from './invariants/evidence.ts';
import { during, type Trouble } from './invariants/trouble.ts';

export type Criterion = (entries: readonly HistoryEntry[], state: FinalState) => string[];

/** From when an engine can be used again: a process asks it again every few seconds. */
const startsWithinMs = 20_000;
/** What was broken only now may still have answered. */
const settledMs = 500;

/** F8: jobs are accepted while Temporal is away, none is refused, and all start soon after it is back. */
export const acceptsWithoutTemporal: Criterion = (entries, state) => {
  const evidence = arrange(entries, state);
  const absences = evidence.troubles.filter(({ target }) => target === 'temporal');
  if (absences.length === 0) return ['Temporal was never away'];
  const refused = entries.flatMap((entry) => {
    if (entry.type !== 'refused' || !entry.request.startsWith('POST') || entry.status < 500) return [];
    if (!isSubmission(evidence, entry.operation) || during(absences, entry.at, entry.at).length === 0) return [];
    return [`${entry.operation} was refused with ${entry.status} ${entry.code}`];
  });
  const meanwhile = acceptedAt(evidence).filter(({ at }) => during(absences, at, at).length > 0);
  if (meanwhile.length === 0) return [...refused, 'no job was accepted while Temporal was away'];
  return [...refused, ...meanwhile.flatMap(({ jobId }) => startedLate(evidence, jobId, absences))];
};

/** F13: health is answered while MongoDB is slow. */
export const isHealthyWithSlowStore: Criterion = (entries, state) => {
  const slow = arrange(entries, state).troubles.filter(({ target }) => target === 'api-mongodb');
  const said = entries.filter((entry) => entry.type === 'health').filter(({ at }) => during(slow, at, at).length > 0);
  if (said.length === 0) return ['nobody was asked while MongoDB was slow'];
  return said.flatMap(({ target, status }) => (status === 200 ? [] : [`${target} said ${status} of its health`]));
};

/** F15: without Elasticsearch calls and files go on, and a search says by its status and code that it cannot be had. */
export const goesOnWithoutIndex: Criterion = (entries, state) => {
  const evidence = arrange(entries, state);
  const absences = evidence.troubles.filter(({ target }) => target === 'api-elasticsearch');
  const calls = synchronousCalls(evidence).filter(({ from, to }) =>
    absences.some((absence) => absence.from + settledMs <= from && to <= absence.to),
  );
  const others = calls.filter(({ kind }) => kind !== 'search');
  const refused = entries.flatMap((entry) =>
    entry.type === 'refused' && entry.request === 'POST /v1/search' ? [entry] : [],
  );
  const uploads = evidence.entries.filter(
    ({ type, at }) => type === 'lines' && during(absences, at, at).length > 0,
  ).length;
  return [
    ...others.flatMap(({ operation, outcome }) => (outcome === 'ok' ? [] : [`${operation} ended ${outcome}`])),
    ...(others.length === 0 ? ['no call was made while Elasticsearch was away'] : []),
    ...(uploads === 0 ? ['no file was taken while Elasticsearch was away'] : []),
    ...(refused.length === 0 ? ['no search was refused'] : []),
    ...refused.flatMap(({ operation, status, isTyped }) =>
      status === 503 && isTyped ? [] : [`${operation} was refused with ${status}`],
    ),
  ];
};

function isSubmission({ kinds }: Evidence, operation: string): boolean {
  return ['job', 'streamed-job', 'document', 'batch'].includes(kinds.get(operation) ?? '');
}

function acceptedAt(evidence: Evidence): { jobId: string; at: number }[] {
  const jobs = new Map(acceptedJobs(evidence).map(({ operation, jobId }) => [jobId, operation]));
  return evidence.entries.flatMap((entry) =>
    entry.type === 'accepted' && isSubmission(evidence, jobs.get(entry.jobId) ?? '') ? [entry] : [],
  );
}

/** It may have gone away again before the job had started. */
function startedLate({ events }: Evidence, jobId: string, absences: readonly Trouble[]): string[] {
  const start = events.get(jobId)?.find(({ type }) => type === 'job.started');
  if (!start) return [`${jobId} never started`];
  const before = absences.filter(({ from }) => from <= start.createdAt);
  const lateMs = start.createdAt - Math.max(...before.map(({ to }) => to));
  return lateMs <= startsWithinMs ? [] : [`${jobId} started ${lateMs} ms after Temporal was back`];
}
