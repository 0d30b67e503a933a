import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrefer, preferenceApplied } from '../../../src/api/doors/prefer.ts';

const cases: [header: string | undefined, respondAsync: boolean, waitMs: number | null][] = [
  [undefined, false, null],
  ['', false, null],
  ['respond-async', true, null],
  ['Respond-Async', true, null],
  ['respond-async, wait=10', true, 10_000],
  ['respond-async,wait=10', true, 10_000],
  ['wait = "10"; note=1, respond-async', true, 10_000],
  ['respond-async; wait=10', true, null],
  ['wait=0', false, 0],
  ['wait=60', false, 60_000],
  ['wait=61', false, 60_000],
  ['wait=99999999999', false, null],
  ['wait=-1', false, null],
  ['wait=soon, respond-async', true, null],
  ['wait=5, wait=9', false, 5_000],
  ['handling=lenient, return=minimal', false, null],
  ['foo="respond-async, wait=3"', false, null],
];

for (const [header, respondAsync, waitMs] of cases) {
  test(`Prefer: ${header} is read as async ${respondAsync}, wait ${waitMs}`, () => {
    assert.deepEqual(parsePrefer(header, 60_000), { respondAsync, waitMs });
  });
}

test('what was applied is named in the words of the request', () => {
  assert.equal(preferenceApplied({ respondAsync: true, waitMs: 10_000 }), 'respond-async, wait=10');
  assert.equal(preferenceApplied({ respondAsync: true, waitMs: null }), 'respond-async');
  assert.equal(preferenceApplied({ respondAsync: false, waitMs: null }), '');
});
