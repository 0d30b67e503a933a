/** What the judge excuses, and that it excuses nothing else: each excuse is forged with its cause and without. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FinalState, StoredJob } from './final-state.ts';
import {
  asked,
  away,
  broken,
  eventsOf,
  jobOf,
  rowOf,
  soundHistory,
  soundState,
  startedAt,
  type Told,
  verdict,
  viewOf,
} from './forged.ts';

interface Case {
  name: string;
  forge(state: FinalState, history: Told[]): FinalState;
  /** What must be said of it; null where it is excused. */
  says: RegExp | null;
}

/** One more call of the cancelled job, which ended a second after the start of the run. */
function lateCall(atMs: number, ...troubles: Told[][]): Case['forge'] {
  return (state, history) => {
    history.push(...troubles.flat());
    return { ...state, provider: [...state.provider, asked('op-0-2', { at: startedAt + atMs })] };
  };
}

const failed = ['job.started', 'job.failed'];

/** The first job failed for want of its vendor. */
function failedJob(errorCode: string, ...troubles: Told[][]): Case['forge'] {
  return (state, history) => {
    const [first, ...others] = state.jobs;
    const job: StoredJob = { ...jobOf('op-0-0'), ...first, status: 'failed', result: null, errorCode };
    history.splice(0, history.length, ...history.filter((entry) => entry.type !== 'observed'), ...troubles.flat());
    return {
      ...state,
      jobs: [job, ...others],
      events: [...eventsOf('op-0-0', failed), ...state.events.filter(({ jobId }) => jobId !== job.id)],
      views: [
        viewOf('op-0-0', failed, { status: 'failed', listed: 'failed', result: null, resultDoor: null }),
        ...state.views.slice(1),
      ],
      messages: state.messages.map((one) => (one.subject === job.id ? { ...one, type: 'job.failed' } : one)),
    };
  };
}

/** A call that failed. It began when the run was ten seconds old, and took one. */
function failedCall(code: string, ...troubles: Told[][]): Case['forge'] {
  const operation = 'op-0-7';
  return (state, history) => {
    history.push(
      { type: 'invoke', operation, kind: 'call', owner: 0 },
      { type: 'sent', operation, to: 'api-1', at: startedAt + 10_000 },
      { type: 'refused', operation, request: 'POST /v1/embeddings', status: 503, code, isTyped: true },
      { type: 'fail', operation, reason: '503', at: startedAt + 11_000 },
      ...troubles.flat(),
    );
    return state;
  };
}

/** As `failedCall`, but answered by the vendor and lost on its way to the caller. */
function lostAnswer(rows: number, ...troubles: Told[][]): Case['forge'] {
  const operation = 'op-0-7';
  return (state, history) => {
    history.push(
      { type: 'invoke', operation, kind: 'call', owner: 0 },
      { type: 'sent', operation, to: 'api-1', at: startedAt + 10_000 },
      { type: 'info', operation, reason: 'ECONNRESET', at: startedAt + 11_000 },
      ...broken('client-api-1', startedAt + 10_000, startedAt + 11_000),
      ...troubles.flat(),
    );
    return {
      ...state,
      provider: [...state.provider, asked(operation, { at: startedAt + 10_500 })],
      usage: [...state.usage, ...Array.from({ length: rows }, () => rowOf(operation))],
    };
  };
}

/** A line that is an error, and was answered and billed. */
function paidFor(mark: string, requestId: string, ...troubles: Told[][]): Case['forge'] {
  return (state, history) => {
    history.push(...troubles.flat());
    return {
      ...state,
      provider: [...state.provider, asked(mark)],
      usage: [...state.usage, rowOf(mark, { requestId })],
    };
  };
}

/** Some calls that nothing is known of but that a process was away: none is a fault by itself, all are. */
function hopeless(count: number): Case['forge'] {
  return (state, history) => {
    history.push(...away('api-1', startedAt, startedAt + 60_000));
    for (let number = 0; number < count; number += 1) {
      const operation = `op-1-${number}`;
      history.push(
        { type: 'invoke', operation, kind: 'stream', owner: 0 },
        { type: 'sent', operation, to: 'api-1', at: startedAt + 20_000 },
        { type: 'info', operation, reason: 'ECONNRESET', at: startedAt + 20_001 },
      );
    }
    return state;
  };
}

const s = (seconds: number) => startedAt + seconds * 1_000;
const late = /^I7 op-0-2: a call went out/;
const lostJob = /^I1 op-0-0: job job_op-0-0 ended failed/;
const callFailed = /^I9 op-0-7: failed/;
const notBilled = /^I5 op-0-7: was answered by the vendor and has 0 billed rows/;

const cases: readonly Case[] = [
  { name: 'a call that was under way when its job was cancelled', forge: lateCall(2_500), says: null },
  { name: 'a late call', forge: lateCall(9_000), says: late },
  {
    name: 'a late call of a worker that hung meanwhile',
    forge: lateCall(15_000, broken('worker-1', s(0.5), s(13), 'frozen')),
    says: null,
  },
  {
    name: 'a late call of a worker that could not reach the store meanwhile',
    forge: lateCall(9_000, broken('worker-mongodb', s(2), s(8))),
    says: null,
  },
  {
    name: 'a late call long after a worker hung',
    forge: lateCall(25_000, broken('worker-1', s(0.5), s(13), 'frozen')),
    says: late,
  },
  {
    name: 'a late call after a worker that hung before the cancellation',
    forge: lateCall(9_000, broken('worker-1', startedAt - 20_000, startedAt - 5_000, 'frozen')),
    says: late,
  },
  {
    name: 'a late call while a link broke that tells no worker anything',
    forge: lateCall(9_000, broken('client-api-1', s(2), s(8))),
    says: late,
  },
  {
    name: 'a late call while an API process hung',
    forge: lateCall(9_000, broken('api-1', s(2), s(8), 'frozen')),
    says: late,
  },
  {
    name: 'a late call minutes later, whatever was broken',
    forge: lateCall(90_000, broken('worker-mongodb', s(0), s(90))),
    says: late,
  },
  {
    name: 'a job that failed while its vendor was cut off',
    forge: failedJob('upstream_error', broken('gateway-provider', s(0.5), s(0.9))),
    says: null,
  },
  {
    name: 'a job that failed an hour before its vendor was cut off',
    forge: failedJob('upstream_error', broken('gateway-provider', s(3_600), s(3_601))),
    says: lostJob,
  },
  {
    name: 'a job that failed after its vendor was cut off',
    forge: failedJob('upstream_error', broken('gateway-provider', startedAt - 5_000, startedAt - 4_000)),
    says: lostJob,
  },
  {
    name: 'a job that nobody let through after its vendor was cut off',
    forge: failedJob('overloaded', broken('gateway-provider', startedAt - 5_000, startedAt - 4_000)),
    says: null,
  },
  {
    name: 'a job that failed of something else while its vendor was cut off',
    forge: failedJob('internal_error', broken('gateway-provider', s(0.5), s(0.9))),
    says: lostJob,
  },
  { name: 'a call that failed', forge: failedCall('unavailable'), says: callFailed },
  {
    name: 'a call that failed while its process was away',
    forge: failedCall('unavailable', away('api-1', s(10.5), s(12))),
    says: null,
  },
  {
    name: 'a call that failed while another process was away',
    forge: failedCall('unavailable', away('api-2', s(10.5), s(12)), broken('worker-mongodb', s(10), s(12))),
    says: callFailed,
  },
  {
    name: 'a call that failed long after the store was away',
    forge: failedCall('unavailable', away('mongodb', s(1), s(3))),
    says: callFailed,
  },
  { name: 'some calls that all failed', forge: hopeless(19), says: null },
  { name: 'many calls that all failed', forge: hopeless(20), says: /^I9 stream: 0 of 20 succeeded/ },
  {
    name: 'a line that was answered to a worker which was gone when its batch was cancelled',
    forge: paidFor('op-0-9-l1', 'line-3', away('worker-1', startedAt, startedAt + 5_000)),
    says: null,
  },
  {
    name: 'a line that was answered, of a batch which was cancelled while all was well',
    forge: paidFor('op-0-9-l1', 'line-3'),
    says: /^I5 op-0-9-l1: is an error, and is billed/,
  },
  {
    name: 'a line that was answered and failed in a batch which went on',
    forge: paidFor('op-0-6-l1', 'line-1', away('worker-1', startedAt, startedAt + 5_000)),
    says: /^I5 op-0-6-l1: is an error, and is billed/,
  },
  {
    name: 'a run in which everything is excused',
    forge: hopeless(100),
    says: /^I9 calls that nothing disturbed: none/,
  },
  { name: 'an answer that was lost and is billed', forge: lostAnswer(1), says: null },
  { name: 'an answer that was lost and is not billed', forge: lostAnswer(0), says: notBilled },
  {
    name: 'an answer that was lost with its process and is not billed',
    forge: lostAnswer(0, away('api-1', s(10.8), s(12))),
    says: null,
  },
];

describe('what the judge excuses', () => {
  for (const { name, forge, says } of cases) {
    it(`${says ? 'does not excuse' : 'excuses'} ${name}`, () => {
      const history = soundHistory();
      const found = verdict(forge(soundState(), history), history);
      if (says === null) assert.deepEqual(found, []);
      else
        assert.ok(
          found.some((line) => says.test(line)),
          found.join('; ') || 'all in order',
        );
    });
  }
});
