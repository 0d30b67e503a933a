/** I9 for calls that are answered while their caller waits: one fails only while something is broken that it needs. */
import type { HistoryEntry, OperationKind } from '../history.ts';
import { type Evidence, grouped, type Violation } from './evidence.ts';
import { breakerMs, during, feltDuring } from './trouble.ts';

/** Of so many calls some succeed, whatever goes wrong. */
const enough = 20;
const minShare = 0.25;

export interface SynchronousCall {
  operation: string;
  kind: OperationKind | undefined;
  /** The process that was asked. */
  api: string;
  from: number;
  to: number;
  /** What its caller learned; null while it waits. */
  outcome: 'ok' | 'fail' | 'info' | null;
  /** Of the error that it was refused with. */
  code: string | null;
}

export function synchronousCalls({ entries, kinds }: Evidence): SynchronousCall[] {
  const of = grouped(
    entries.filter((entry): entry is HistoryEntry & { operation: string } => 'operation' in entry),
    ({ operation }) => operation,
  );
  return entries.flatMap((entry) => {
    if (entry.type !== 'sent') return [];
    const all = of.get(entry.operation) ?? [];
    const end = all.find((other) => other.type === 'ok' || other.type === 'fail' || other.type === 'info');
    const refusal = all.find((other) => other.type === 'refused');
    return [
      {
        operation: entry.operation,
        kind: kinds.get(entry.operation),
        api: entry.to,
        from: entry.at,
        to: end?.at ?? Number.POSITIVE_INFINITY,
        outcome: end ? (end.type as SynchronousCall['outcome']) : null,
        code: refusal?.type === 'refused' ? refusal.code : null,
      },
    ];
  });
}

/** What a call through a process needs on this side of its caller's link. */
export function needsOf({ api, kind }: SynchronousCall): ReadonlySet<string> {
  const engines = kind === 'search' ? ['api-elasticsearch'] : [];
  return new Set([api, 'api-mongodb', 'mongodb', 'gateway-provider', ...engines]);
}

function wasDisturbed({ troubles }: Evidence, call: SynchronousCall): boolean {
  const needs = needsOf(call);
  const relevant = troubles.filter(({ target }) => needs.has(target) || target === `client-${call.api}`);
  if (feltDuring(relevant, call.from, call.to).length > 0) return true;
  const vendor = relevant.filter(({ target }) => target === 'gateway-provider');
  return call.code === 'overloaded' && during(vendor, call.from, call.to, breakerMs).length > 0;
}

export function callsSucceed(evidence: Evidence): Violation[] {
  const calls = synchronousCalls(evidence);
  const found: Violation[] = calls.flatMap((call) => {
    if (wasDisturbed(evidence, call)) return [];
    evidence.judged('I9', 'calls that nothing disturbed');
    if (call.outcome === 'ok') return [];
    const what = `failed (${call.outcome ?? 'never answered'}, ${call.code ?? 'no code'}) though nothing was broken`;
    return [{ invariant: 'I9', about: call.operation, what }];
  });
  for (const [kind, asked] of grouped(calls, ({ kind }) => kind ?? '')) {
    const well = asked.filter(({ outcome }) => outcome === 'ok').length;
    evidence.judged('I9', `${kind} operations`, asked.length);
    if (asked.length >= enough && well < asked.length * minShare)
      found.push({ invariant: 'I9', about: kind, what: `${well} of ${asked.length} succeeded` });
  }
  return found;
}
