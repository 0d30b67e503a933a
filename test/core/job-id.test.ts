import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createJobIds, jobIdPattern, timeOfJobId } from '../../src/core/job-id.ts';

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);

describe('job ids', () => {
  it('sort by time, also within a millisecond and when the clock goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 45 }), { maxLength: 200 }), (times) => {
        const next = createJobIds(random);
        const ids = times.map(next);
        assert.deepEqual(ids, ids.toSorted());
        assert.equal(new Set(ids).size, ids.length);
      }),
    );
  });

  it('tell when they were made', () => {
    assert.equal(timeOfJobId(createJobIds(random)(1_763_700_000_123)), 1_763_700_000_123);
  });

  it('match their pattern', () => {
    assert.match(createJobIds(random)(Date.now()), jobIdPattern);
  });

  it('of two processes in the same millisecond differ', () => {
    assert.notEqual(createJobIds(random)(1), createJobIds(random)(1));
  });
});
