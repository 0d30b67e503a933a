/** The special demands of the matrix: met by a history in which they hold, and by none in which they do not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptsWithoutTemporal, type Criterion, goesOnWithoutIndex, isHealthyWithSlowStore } from './criteria.ts';
import { away, broken, eventsOf, soundState, startedAt, type Told, told } from './forged.ts';
import type { OperationKind } from './history.ts';

const at = (ms: number) => startedAt + ms;

function verdictOf(criterion: Criterion, history: readonly Told[], startsAtMs = 0): string {
  const events = eventsOf('op-0-0', ['job.started']).map((event) => ({ ...event, createdAt: at(startsAtMs) }));
  return criterion(told(history), { ...soundState(), events }).join('; ');
}

function submitted(...more: Told[]): Told[] {
  return [
    { type: 'invoke', operation: 'op-0-0', kind: 'job', owner: 0, at: at(2_000) },
    ...more,
    { type: 'accepted', operation: 'op-0-0', jobId: 'job_op-0-0', at: at(3_000) },
  ];
}

const temporalAway = away('temporal', at(1_000), at(10_000));

describe('F8, without Temporal', () => {
  const unavailable: Told = {
    type: 'refused',
    operation: 'op-0-0',
    request: 'POST /v1/jobs',
    status: 503,
    code: 'unavailable',
    isTyped: true,
    at: at(2_500),
  };
  const cases: [name: string, history: Told[], startsAtMs: number, says: RegExp][] = [
    ['takes a job that is accepted, and starts once it is back', [...temporalAway, ...submitted()], 12_000, /^$/],
    [
      'takes a job that waited for it twice',
      [...temporalAway, ...submitted(), ...away('temporal', at(12_000), at(38_000))],
      40_000,
      /^$/,
    ],
    ['wants it to have been away', submitted(), 12_000, /was never away/],
    ['wants a job to be accepted meanwhile', temporalAway, 12_000, /no job was accepted/],
    ['takes no refusal', [...temporalAway, ...submitted(unavailable)], 12_000, /op-0-0 was refused with 503/],
    ['takes no job that starts late', [...temporalAway, ...submitted()], 40_000, /started 30000 ms after/],
  ];
  for (const [name, history, startsAtMs, says] of cases)
    it(name, () => assert.match(verdictOf(acceptsWithoutTemporal, history, startsAtMs), says));
});

describe('F13, with a slow MongoDB', () => {
  const slow = broken('api-mongodb', at(1_000), at(3_000), 'latency');
  const said = (status: number, ms: number): Told => ({ type: 'health', target: 'api-1', status, at: at(ms) });

  it('takes health that is answered', () => {
    assert.equal(verdictOf(isHealthyWithSlowStore, [...slow, said(200, 2_000)]), '');
  });
  it('takes no silence', () => {
    assert.match(verdictOf(isHealthyWithSlowStore, [...slow, said(0, 2_000)]), /api-1 said 0/);
  });
  it('wants somebody to have asked', () => {
    assert.match(verdictOf(isHealthyWithSlowStore, [...slow, said(200, 9_000)]), /nobody was asked/);
  });
});

describe('F15, without Elasticsearch', () => {
  const down = broken('api-elasticsearch', at(1_000), at(9_000));
  const asked = (operation: string, kind: OperationKind, outcome: 'ok' | 'fail', fromMs = 2_000): Told[] => [
    { type: 'invoke', operation, kind, owner: 0 },
    { type: 'sent', operation, to: 'api-1', at: at(fromMs) },
    outcome === 'ok'
      ? { type: 'ok', operation, at: at(fromMs + 100) }
      : { type: 'fail', operation, reason: '503', at: at(fromMs + 100) },
  ];
  const refused = (status: number): Told => ({
    type: 'refused',
    operation: 'op-0-2',
    request: 'POST /v1/search',
    status,
    code: 'unavailable',
    isTyped: true,
    at: at(2_050),
  });
  const file: Told = { type: 'lines', operation: 'op-0-3', marks: [], at: at(2_000) };
  const call = asked('op-0-1', 'call', 'ok');
  const search = [...asked('op-0-2', 'search', 'fail'), refused(503)];
  const cases: [name: string, history: Told[], says: RegExp][] = [
    ['takes calls and files that go on, and searches that are refused', [...down, ...call, ...search, file], /^$/],
    ['takes no call that fails', [...down, ...asked('op-0-1', 'call', 'fail'), ...search, file], /op-0-1 ended fail/],
    ['wants a call to be made meanwhile', [...down, ...search, file], /no call was made/],
    ['wants a file to be taken meanwhile', [...down, ...call, ...search], /no file was taken/],
    ['wants a search to be refused', [...down, ...call, file], /no search was refused/],
    [
      'takes no other refusal of a search',
      [...down, ...call, ...asked('op-0-2', 'search', 'fail'), refused(502), file],
      /op-0-2 was refused with 502/,
    ],
  ];
  for (const [name, history, says] of cases) it(name, () => assert.match(verdictOf(goesOnWithoutIndex, history), says));
});
