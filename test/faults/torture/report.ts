/** What a run says when it is over: its seed, its counts, and what they prove. */
import { isTerminal } from '../../../src/core/job.ts';
import { acceptedJobs, arrange, grouped } from './invariants/evidence.ts';
import type { TortureResult } from './torture.ts';

/** No failure in so many independent trials: with 95 % confidence the rate of failure is below this. */
function upperBound(trials: number): number {
  return 3 / trials;
}

/** Processes that die at the same moment are one trial. */
function whatItProves(acts: number): string {
  if (acts === 0) return '';
  const percent = (Math.min(1, upperBound(acts)) * 100).toFixed(2);
  return ` in ${acts} acts of killing: with 95 % confidence fewer than ${percent} % of them do harm`;
}

export function describeResult(result: TortureResult): string {
  const { entries, state, nemesis, violations, judged, times, seed } = result;
  const evidence = arrange(entries, state);
  const outcomes = acceptedJobs(evidence).map(({ operation, jobId }) => {
    const status = evidence.jobs.get(jobId)?.status;
    if (evidence.deleted.has(jobId)) return `${evidence.kinds.get(operation)} deleted`;
    return `${evidence.kinds.get(operation)} ${status !== undefined && isTerminal(status) ? status : 'NOT ENDED'}`;
  });
  const drains = nemesis.drainsMs.map((ms) => ms ?? Number.POSITIVE_INFINITY);
  const received = entries.filter(({ type }) => type === 'event').length;
  const accepted = state.messages.filter(({ isAccepted }) => isAccepted).length;
  const told = new Set(state.messages.filter(({ isAccepted }) => isAccepted).map(({ id }) => id)).size;
  const lines = [
    `seed              ${seed}`,
    `kills             ${nemesis.total} in ${nemesis.acts} acts: ${counted(nemesis.kills)}`,
    `trouble           ${counted(nemesis.done)}`,
    `faults on links   ${counted(countBy(entries.flatMap((entry) => (entry.type === 'fault' && entry.phase === 'begin' ? [entry.fault] : []))))}`,
    `operations        ${counted(countBy([...evidence.kinds.values()]))}`,
    `jobs              ${outcomes.length}: ${counted(countBy(outcomes))}`,
    `answers           ${counted(countBy(entries.map(({ type }) => type).filter((type) => ['ok', 'fail', 'info', 'refused'].includes(type))))}`,
    `events            ${state.events.length} written, ${received} read by ${
      grouped(
        entries.filter((entry) => entry.type === 'event'),
        (entry) => entry.reader,
      ).size
    } readers`,
    `calls on models   ${state.provider.length}; ${state.usage.length} records, ${state.usage.filter(({ isBilled }) => isBilled).length} of them billed`,
    `documents         ${state.documents.length}; ${state.lines.length} lines of batches`,
    `webhooks          ${state.messages.length} sent, ${accepted} accepted, ${accepted - told} of them once more than needed`,
    `runs of a job     ${Math.max(0, ...state.jobs.map(({ run }) => run))} at most`,
    `ends unasked for  ${counted(result.crashes)}`,
    `orderly ends      ${drains.length}, the slowest ${Math.round(Math.max(0, ...drains))} ms`,
    `times             ${Math.round(times.tormentMs / 1_000)} s of trouble; ready ${times.readyMs} ms after it; drained ${times.drainedMs} ms after that`,
    '',
    'judged',
    ...Object.entries(judged)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([invariant, counts]) => `  ${invariant}              ${counted(counts)}`),
    '',
    violations.length === 0
      ? `0 violations of I1 to I11${whatItProves(nemesis.acts)}.`
      : `${violations.length} VIOLATIONS: ${counted(countBy(violations.map(({ invariant }) => invariant)))}`,
    ...violations.slice(0, 60).map(({ invariant, about, what }) => `  ${invariant} ${about}: ${what}`),
  ];
  if (result.keptIn !== null) {
    lines.push(
      '',
      `History, logs and what was left: ${result.keptIn}`,
      `Again: npm run test:faults -- --kills ${nemesis.total} --seed ${seed}`,
    );
  }
  return lines.join('\n');
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function counted(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).toSorted(([one], [other]) => one.localeCompare(other));
  return entries.map(([name, count]) => `${count} ${name}`).join(', ') || 'none';
}
