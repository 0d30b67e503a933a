/** The judge must bite: evidence with one thing wrong is refused, for that reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FinalState, JobView, StoredJob, StoredUsage } from './final-state.ts';
import {
  answer,
  asked,
  eventsOf,
  heard,
  jobOf,
  observed,
  plain,
  rowOf,
  soundHistory,
  soundState,
  startedAt,
  type Told,
  verdict,
  viewOf,
} from './forged.ts';

/** What went wrong, who must notice, and how the evidence looks then. */
const forgeries: [
  name: string,
  invariant: string,
  forge: (state: FinalState, history: Told[]) => FinalState,
  /** What is said of it, where the invariant has more than one thing to say. */
  says?: RegExp,
][] = [
  ['a lost job', 'I1', (state) => ({ ...state, jobs: state.jobs.slice(1) })],
  ['a job that never ends', 'I1', (state) => changeJob(state, { status: 'in_progress', completedAt: null })],
  ['a job that failed though nothing was wrong with it', 'I1', (state) => changeJob(state, { status: 'failed' })],
  ['a job that cannot be read', 'I1', (state) => changeView(state, { getStatus: 404 })],
  ['a deleted job that is kept', 'I1', (state) => ({ ...state, jobs: [...state.jobs, jobOf('op-0-8')] }), /is kept/],
  [
    'a deleted job that is listed',
    'I1',
    (state) => ({ ...state, lists: [...state.lists, { owner: 0, jobIds: ['job_op-0-8'] }] }),
    /deleted and is listed/,
  ],
  [
    'a deleted job that can be read',
    'I1',
    (state) => ({
      ...state,
      views: state.views.map((view) => (view.jobId === 'job_op-0-8' ? { ...view, getStatus: 200 } : view)),
    }),
    /deleted and answers 200/,
  ],
  ['two jobs for one key', 'I1', (state) => ({ ...state, jobs: [...state.jobs, jobOf('op-0-0', { id: 'job_twin' })] })],
  ['a submission that was given two jobs', 'I1', add({ type: 'accepted', operation: 'op-0-0', jobId: 'job_other' })],
  ['a 404 for a job that was accepted', 'I1', add(refused({ status: 404, code: 'not_found', isTyped: true }))],
  [
    'a doubled event',
    'I2',
    (state) => ({ ...state, events: [...state.events, ...eventsOf('op-0-0', plain).slice(1)] }),
  ],
  ['a gap in the log', 'I2', (state) => ({ ...state, events: state.events.filter((_, index) => index !== 0) })],
  ['an event after the end', 'I2', (state) => changeLog(state, ['job.started', 'job.completed', 'job.output'])],
  ['a second end', 'I2', (state) => changeLog(state, ['job.started', 'job.completed', 'job.failed'])],
  ['an illegal move', 'I2', (state) => changeLog(state, ['job.cancelling', 'job.completed'])],
  ['a terminal state that changed', 'I2', add(observed({ status: 'failed', result: null }))],
  ['a result that changed', 'I2', add(observed({ result: 'another' }))],
  ['a reader who was sent back in time', 'I2', add(observed({ status: 'in_progress', sequence: 2, result: null }))],
  ['a result door with another result', 'I3', (state) => changeView(state, { resultDoor: 'another' })],
  ['a list with another status', 'I3', (state) => changeView(state, { listed: 'in_progress' })],
  ['a job that is missing in the list', 'I3', (state) => changeView(state, { listed: null })],
  [
    'a replay with an event left out',
    'I3',
    (state) => changeView(state, { events: viewOf('op-0-0', plain).events.slice(1) }),
  ],
  ['a resumed stream with a gap', 'I3', dropHeard(3)],
  ['a resumed stream with an event twice', 'I3', add(heard(4, 'job.completed'))],
  ['output with a piece missing', 'I3', (state) => changeOutput(state, answer('op-0-1').slice(4))],
  ['output of two runs in one', 'I3', (state) => changeOutput(state, answer('op-0-1').repeat(2))],
  ['a clean end of half an answer', 'I3', add({ type: 'ok', operation: 'op-0-4', data: { text: 'half' } })],
  ['an end that nobody was told', 'I4', (state) => ({ ...state, messages: state.messages.slice(2) })],
  [
    'an end whose message was never taken',
    'I4',
    (state) => ({ ...state, messages: changeAll(state.messages, { isAccepted: false }) }),
  ],
  [
    'a copy with another id',
    'I4',
    (state) => ({ ...state, messages: changeFirst(state.messages, { id: 'evt_other' }) }),
  ],
  [
    'a message of another end',
    'I4',
    (state) => ({ ...state, messages: changeFirst(state.messages, { type: 'job.failed' }) }),
  ],
  [
    'a message with a false signature',
    'I4',
    (state) => ({ ...state, messages: changeFirst(state.messages, { isSigned: false }) }),
  ],
  [
    "an end that was not told at the job's own address",
    'I4',
    (state) => ({ ...state, messages: state.messages.filter(({ hook }) => hook === null) }),
    /not told .* at its own address/,
  ],
  [
    "an end that was told at the job's own address alone",
    'I4',
    (state) => ({ ...state, messages: state.messages.filter(({ id, hook }) => id !== 'evt_op-0-1' || hook !== null) }),
    /op-0-1: its owner was not told that job job_op-0-1 is completed$/,
  ],
  [
    "an end that was told at another job's address",
    'I4',
    (state) => ({ ...state, messages: [...state.messages, ...changeFirst(state.messages, { hook: 'op-0-1' })] }),
    /at the address of op-0-1/,
  ],
  ['an end that was told to another tenant alone', 'I4', toldTo(1)],
  ['an end that was told to another tenant', 'I8', toldTo(1)],
  [
    'a message about a job that never was',
    'I4',
    (state) => ({ ...state, messages: [...state.messages, ...changeFirst(state.messages, { subject: 'job_x' })] }),
  ],
  [
    'a line in both files',
    'I6',
    (state) => ({ ...state, lines: state.lines.flatMap((line) => [line, { ...line, file: 'error' as const }]) }),
  ],
  ['a line in neither file', 'I6', (state) => ({ ...state, lines: state.lines.slice(1) })],
  [
    "a line with another's answer",
    'I6',
    (state) => ({ ...state, lines: changeFirst(state.lines, { content: answer('op-0-6-l1') }) }),
  ],
  [
    'a line that is billed twice',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-6-l0', { requestId: 'line-0' })] }),
  ],
  ['a second usage row', 'I5', (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-0', { id: 'use_twin' })] })],
  [
    'no usage row',
    'I5',
    (state) => ({ ...state, usage: state.usage.filter(({ requestId }) => requestId !== 'op-0-0') }),
  ],
  [
    'no usage row of a call',
    'I5',
    (state) => ({ ...state, usage: state.usage.filter(({ requestId }) => requestId !== 'op-0-4') }),
  ],
  ['other tokens than the vendor counted', 'I5', (state) => changeRow(state, { promptTokens: 1 })],
  ['an estimate where the vendor counted', 'I5', (state) => changeRow(state, { estimated: true })],
  [
    'a chunk that was billed twice',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-3', { promptTokens: 4 })] }),
  ],
  [
    'a record of something that nobody asked for',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-0', { requestId: 'req_other' })] }),
    /which nobody made/,
  ],
  [
    'a look at a foreign job that is billed',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-5')] }),
    /which nobody made/,
  ],
  [
    'a record of an answer that the vendor never gave',
    'I5',
    (state) => ({ ...state, provider: state.provider.filter(({ operation }) => operation !== 'op-0-0') }),
    /1 records of 0 calls/,
  ],
  [
    'a second call on the model that nothing made necessary',
    'I5',
    (state) => ({ ...state, provider: [...state.provider, asked('op-0-0')] }),
    /asked 2 times and has 1 records/,
  ],
  [
    'a second record that is not billed and that nothing made necessary',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-4', { isBilled: false })] }),
    /asked 1 times and has 2 records/,
  ],
  [
    'a line that is an error and is billed',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-6-l1', { requestId: 'line-1' })] }),
    /is an error, and is billed/,
  ],
  [
    'lines that are errors though nothing was broken',
    'I6',
    (state, history) => {
      history.splice(0, history.length, ...history.filter(({ type }) => type !== 'fault'));
      return state;
    },
    /is an error though/,
  ],
  [
    'a line that a cancelled batch has lost',
    'I6',
    (state) => ({ ...state, lines: state.lines.filter(({ id }) => id !== 'line-3') }),
    /op-0-9-l1: is 0 times/,
  ],
  [
    'a line of a cancelled batch that is an error and is billed',
    'I5',
    (state) => ({ ...state, usage: [...state.usage, rowOf('op-0-9-l1', { requestId: 'line-3' })] }),
    /is an error, and is billed/,
  ],
  [
    'a call for a line after its batch was cancelled',
    'I7',
    (state) => ({ ...state, provider: [...state.provider, asked('op-0-9-l1', { at: startedAt + 9_000 })] }),
    /op-0-9: a call went out/,
  ],
  [
    'a line of no batch',
    'I6',
    (state) => ({ ...state, lines: [...state.lines, ...changeFirst(state.lines.slice(1), { customId: 'x' })] }),
    /was in no batch/,
  ],
  [
    'a second document',
    'I6',
    (state) => ({ ...state, documents: state.documents.flatMap((one) => [one, { ...one, id: 2 }]) }),
  ],
  ['no document', 'I6', (state) => ({ ...state, documents: [] })],
  ['a document left behind by its job', 'I6', (state) => changeDocument(state, { status: 'in_progress' })],
  ['a chunk missing in the index', 'I6', (state) => changeDocument(state, { indexed: 1 })],
  ['a chunk twice in the index', 'I6', (state) => changeDocument(state, { indexed: 3 })],
  [
    'a call after the cancellation',
    'I7',
    (state) => ({ ...state, provider: [{ operation: 'op-0-2', kind: 'chat', at: startedAt + 9_000, answered: true }] }),
  ],
  ["another tenant's job", 'I8', add({ type: 'ok', operation: 'op-0-5', data: { status: 200 } })],
  [
    "another tenant's job that is answered with an outage",
    'I8',
    (state, history) => {
      history.splice(-1, 1, { type: 'ok', operation: 'op-0-5', data: { status: 503 } });
      return state;
    },
  ],
  [
    "a look at another tenant's job that had no answer",
    'I8',
    (state, history) => {
      history.pop();
      return state;
    },
  ],
  [
    "another tenant's job in the list",
    'I8',
    (state) => ({ ...state, lists: [...state.lists, { owner: 1, jobIds: ['job_op-0-0'] }] }),
  ],
  ["a job that is kept as another's", 'I8', (state) => changeJob(state, { owner: 1 })],
  ['an error without a code', 'I9', add(refused({ status: 503, code: null, isTyped: false }))],
  ['an error of our own', 'I9', add(refused({ status: 500, code: 'internal_error', isTyped: true }))],
  [
    'a submission that its key does not resolve',
    'I9',
    add({ type: 'fail', operation: 'op-0-0', reason: 'never answered' }),
  ],
];

function refused(changes: { status: number; code: string | null; isTyped: boolean }): Told {
  return { type: 'refused', operation: 'op-0-0', request: 'GET /v1/jobs/:job', ...changes };
}

function add(happening: Told) {
  return (state: FinalState, history: Told[]): FinalState => {
    history.push(happening);
    return state;
  };
}

/** All copies of the first job's end, to somebody. */
function toldTo(owner: number) {
  return (state: FinalState): FinalState => ({
    ...state,
    messages: state.messages.map((one) => (one.subject === 'job_op-0-0' ? { ...one, owner } : one)),
  });
}

function dropHeard(sequence: number) {
  return (state: FinalState, history: Told[]): FinalState => {
    history.splice(
      history.findIndex((entry) => entry.type === 'event' && entry.sequence === sequence),
      1,
    );
    return state;
  };
}

function changeFirst<T>(items: readonly T[], changes: Partial<T>): T[] {
  return items.map((item, index) => (index === 0 ? { ...item, ...changes } : item));
}

function changeAll<T>(items: readonly T[], changes: Partial<T>): T[] {
  return items.map((item) => ({ ...item, ...changes }));
}

function changeJob(state: FinalState, changes: Partial<StoredJob>): FinalState {
  return { ...state, jobs: changeFirst(state.jobs, changes) };
}

function changeView(state: FinalState, changes: Partial<JobView>): FinalState {
  return { ...state, views: changeFirst(state.views, changes) };
}

function changeRow(state: FinalState, changes: Partial<StoredUsage>): FinalState {
  return { ...state, usage: changeFirst(state.usage, changes) };
}

function changeDocument(state: FinalState, changes: Partial<FinalState['documents'][number]>): FinalState {
  return { ...state, documents: changeFirst(state.documents, changes) };
}

/** The log of the first job, with all that tells of it in accord. */
function changeLog(state: FinalState, types: readonly string[]): FinalState {
  const events = [...eventsOf('op-0-0', types), ...state.events.filter(({ jobId }) => jobId !== 'job_op-0-0')];
  return changeJob({ ...state, events }, { lastSequence: types.length + 1 });
}

function changeOutput(state: FinalState, delta: string): FinalState {
  const events = state.events.map((event) => (event.output ? { ...event, output: { ...event.output, delta } } : event));
  return { ...state, events };
}

describe('the checker of a torture run', () => {
  it('finds no fault with a run in which all went as it should', () => {
    assert.deepEqual(verdict(soundState(), soundHistory()), []);
  });

  for (const [name, invariant, forge, says = /./] of forgeries) {
    it(`notices ${name}`, () => {
      const history = soundHistory();
      const found = verdict(forge(soundState(), history), history);
      assert.ok(
        found.some((line) => line.startsWith(`${invariant} `) && says.test(line)),
        `${invariant} says nothing: ${found.join('; ') || 'all in order'}`,
      );
    });
  }
});
