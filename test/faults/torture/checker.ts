/** The offline judge: holds a history and what was left against the invariants. Pure: the same evidence, the same verdict. */
import type { FinalState } from './final-state.ts';
import type { HistoryEntry } from './history.ts';
import { everyUnitBilledOnce } from './invariants/accounts.ts';
import { everyLineOnce } from './invariants/batches.ts';
import { everyEndIsTold, nobodyElseIsTold } from './invariants/deliveries.ts';
import { answersAreWhole, doorsAgree, outputIsWhole, streamsResume } from './invariants/doors.ts';
import {
  errorsAreTyped,
  foreignJobsAreUnknown,
  jobsAreTheirOwners,
  nothingAfterCancellation,
  oneDocumentPerJob,
} from './invariants/effects.ts';
import { arrange, type Invariant, type Violation } from './invariants/evidence.ts';
import { legalLives, nothingFailed, nothingLost, nothingTakenBack } from './invariants/lifecycle.ts';

const invariants: readonly Invariant[] = [
  nothingLost,
  nothingFailed,
  legalLives,
  nothingTakenBack,
  doorsAgree,
  streamsResume,
  outputIsWhole,
  answersAreWhole,
  everyUnitBilledOnce,
  everyEndIsTold,
  nobodyElseIsTold,
  oneDocumentPerJob,
  everyLineOnce,
  nothingAfterCancellation,
  foreignJobsAreUnknown,
  jobsAreTheirOwners,
  errorsAreTyped,
];

export function check(entries: readonly HistoryEntry[], state: FinalState): Violation[] {
  const evidence = arrange(entries, state);
  return invariants.flatMap((invariant) => invariant(evidence));
}
