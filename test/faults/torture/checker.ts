/** The offline judge: holds a history and what was left against the invariants. Pure: the same evidence, the same verdict. */
import type { FinalState } from './final-state.ts';
import type { HistoryEntry } from './history.ts';
import { everyUnitBilledOnce } from './invariants/accounts.ts';
import { everyLineOnce } from './invariants/batches.ts';
import { callsSucceed } from './invariants/calls.ts';
import { everyEndIsTold, nobodyElseIsTold } from './invariants/deliveries.ts';
import { answersAreWhole, doorsAgree, outputIsWhole, streamsResume } from './invariants/doors.ts';
import {
  errorsAreTyped,
  foreignJobsAreUnknown,
  jobsAreTheirOwners,
  nothingAfterCancellation,
  oneDocumentPerJob,
} from './invariants/effects.ts';
import { arrange, type Evidence, type Invariant, type Judged, type Violation } from './invariants/evidence.ts';
import {
  everyRecordIsKnown,
  lostAnswersAreBilled,
  nothingIsInvented,
  undisturbedIsExact,
} from './invariants/ledgers.ts';
import { deletedIsGone, legalLives, nothingFailed, nothingLost, nothingTakenBack } from './invariants/lifecycle.ts';

const invariants: readonly Invariant[] = [
  nothingLost,
  nothingFailed,
  deletedIsGone,
  legalLives,
  nothingTakenBack,
  doorsAgree,
  streamsResume,
  outputIsWhole,
  answersAreWhole,
  everyUnitBilledOnce,
  everyRecordIsKnown,
  nothingIsInvented,
  undisturbedIsExact,
  lostAnswersAreBilled,
  everyEndIsTold,
  nobodyElseIsTold,
  oneDocumentPerJob,
  everyLineOnce,
  nothingAfterCancellation,
  foreignJobsAreUnknown,
  jobsAreTheirOwners,
  errorsAreTyped,
  callsSucceed,
];

export interface Verdict {
  violations: Violation[];
  judged: Judged;
}

export function check(entries: readonly HistoryEntry[], state: FinalState): Verdict {
  const judged: Judged = {};
  const evidence = arrange(entries, state, judged);
  const violations = invariants.flatMap((invariant) => invariant(evidence));
  return { violations: [...violations, ...judgedInVain(evidence, judged)], judged };
}

/** Of so many operations some are undisturbed. */
const manyOperations = 100;

/** A verdict on nothing is none: where everything is excused, nothing was shown. */
function judgedInVain({ kinds }: Evidence, judged: Judged): Violation[] {
  if (kinds.size < manyOperations) return [];
  const wanted = [
    ['I4', 'messages'],
    ['I5', 'calls and jobs that nothing disturbed'],
    ['I9', 'calls that nothing disturbed'],
  ] as const;
  return wanted
    .filter(([invariant, what]) => !judged[invariant]?.[what])
    .map(([invariant, about]) => ({
      invariant,
      about,
      what: `none was there to be judged in ${kinds.size} operations`,
    }));
}
