import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Condition, standingOf } from '../../../src/core/routing/standing.ts';

const idle: Condition = {
  qosLimit: null,
  inFlight: 0,
  ownInFlight: 0,
  ownLimit: null,
  breakerAdmits: true,
  pauseAdmits: true,
};

describe('standing of a provider', () => {
  const cases: readonly [string, Partial<Condition>, boolean, string][] = [
    ['without a bound it takes everything', { inFlight: 9_999, ownInFlight: 9_999 }, false, 'ready'],
    ['with a bound of 0 it is closed', { qosLimit: 0 }, false, 'closed'],
    ['one below its bound it is ready', { qosLimit: 10, inFlight: 9 }, false, 'ready'],
    ['at its bound it is full', { qosLimit: 10, inFlight: 10 }, false, 'full'],
    ['what other processes have there counts', { qosLimit: 10, inFlight: 10, ownInFlight: 0 }, false, 'full'],
    ['at what it can bear it is full', { ownLimit: 5, ownInFlight: 5 }, false, 'full'],
    ['an open breaker keeps everybody off', { breakerAdmits: false }, false, 'failing'],
    ['so does its wish to be left alone', { pauseAdmits: false }, false, 'paused'],
    ['background work takes up to 70 %', { qosLimit: 10, inFlight: 6 }, true, 'ready'],
    ['background work leaves 30 % to callers', { qosLimit: 10, inFlight: 7 }, true, 'full'],
    ['and callers get those', { qosLimit: 10, inFlight: 7 }, false, 'ready'],
    ['background work may have the only place', { qosLimit: 1 }, true, 'ready'],
    ['background work is not bounded where nothing is', { inFlight: 9_999 }, true, 'ready'],
  ];
  for (const [name, condition, inBackground, standing] of cases) {
    it(name, () => assert.equal(standingOf({ ...idle, ...condition }, inBackground), standing));
  }
});
