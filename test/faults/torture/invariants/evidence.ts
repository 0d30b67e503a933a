/** What an invariant is held against: the history of a run and what was left of it, arranged for looking things up. */
import type { FinalState, JobView, StoredEvent, StoredJob, StoredUsage } from '../final-state.ts';
import type { HistoryEntry, OperationKind } from '../history.ts';
import { type Trouble, troublesIn } from './trouble.ts';

export interface Violation {
  /** `I1` to `I11`. */
  invariant: string;
  /** The operation, job or document that it is about. */
  about: string;
  what: string;
}

export interface Evidence {
  entries: readonly HistoryEntry[];
  state: FinalState;
  /** Kind of each operation that was invoked. */
  kinds: ReadonlyMap<string, OperationKind>;
  /** Operation -> the tenant who invoked it. */
  owners: ReadonlyMap<string, number>;
  /** Operation -> the jobs it was told that it has: more than one is a fault. */
  accepted: ReadonlyMap<string, ReadonlySet<string>>;
  /** The jobs that their callers deleted. */
  deleted: ReadonlySet<string>;
  jobs: ReadonlyMap<string, StoredJob>;
  events: ReadonlyMap<string, readonly StoredEvent[]>;
  views: ReadonlyMap<string, JobView>;
  /** By the id of the request. */
  usage: ReadonlyMap<string, readonly StoredUsage[]>;
  troubles: readonly Trouble[];
  /** Counts what an invariant was really held against, so that a verdict on nothing shows. */
  judged(invariant: string, what: string, count?: number): void;
}

/** Invariant -> what it was held against -> how many. */
export type Judged = Record<string, Record<string, number>>;

export type Invariant = (evidence: Evidence) => Violation[];

export function arrange(entries: readonly HistoryEntry[], state: FinalState, judged: Judged = {}): Evidence {
  const kinds = new Map<string, OperationKind>();
  const owners = new Map<string, number>();
  const accepted = new Map<string, Set<string>>();
  for (const entry of entries) {
    if (entry.type === 'invoke') {
      kinds.set(entry.operation, entry.kind);
      owners.set(entry.operation, entry.owner);
    }
    if (entry.type === 'accepted') {
      accepted.set(entry.operation, (accepted.get(entry.operation) ?? new Set()).add(entry.jobId));
    }
  }
  return {
    entries,
    state,
    kinds,
    owners,
    accepted,
    deleted: new Set(entries.flatMap((entry) => (entry.type === 'deleted' ? entry.jobId : []))),
    jobs: new Map(state.jobs.map((job) => [job.id, job])),
    events: grouped(state.events, ({ jobId }) => jobId),
    views: new Map(state.views.map((view) => [view.jobId, view])),
    usage: grouped(state.usage, ({ requestId }) => requestId),
    troubles: troublesIn(entries),
    judged(invariant, what, count = 1) {
      judged[invariant] ??= {};
      const counts = judged[invariant];
      counts[what] = (counts[what] ?? 0) + count;
    },
  };
}

/** Every accepted job with the operation that made it. */
export function acceptedJobs({ accepted }: Evidence): { operation: string; jobId: string }[] {
  return [...accepted].flatMap(([operation, jobIds]) => [...jobIds].map((jobId) => ({ operation, jobId })));
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
