import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Candidate, rank } from '../../../src/core/routing/rank.ts';

function candidate(id: number, changes: Partial<Candidate> = {}) {
  return { id, qosLimit: null, inFlight: 0, isPreferred: false, ...changes };
}

function firstIds(
  candidates: readonly ReturnType<typeof candidate>[],
  strategy: 'shuffle' | 'least_busy',
  runs: number,
) {
  const counts = new Map<number, number>();
  for (let run = 0; run < runs; run += 1) {
    const id = rank(candidates, strategy, Math.random)[0]?.id ?? -1;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

describe('order in which providers are asked', () => {
  it('is by chance for shuffle, whatever is under way', () => {
    const counts = firstIds([candidate(1, { inFlight: 50 }), candidate(2), candidate(3)], 'shuffle', 9_000);
    // Six standard deviations from 3,000.
    for (const count of counts.values()) assert.ok(Math.abs(count - 3_000) < 270, String(count));
    assert.equal(counts.size, 3);
  });

  it('begins with the least busy', () => {
    const busy = [candidate(1, { inFlight: 3 }), candidate(2, { inFlight: 1 }), candidate(3, { inFlight: 2 })];
    assert.deepEqual(
      rank(busy, 'least_busy', Math.random).map(({ id }) => id),
      [2, 3, 1],
    );
  });

  it('measures how busy one is by its limit', () => {
    const small = candidate(1, { inFlight: 2, qosLimit: 4 });
    const large = candidate(2, { inFlight: 10, qosLimit: 100 });
    const unbounded = candidate(3, { inFlight: 20 });
    const ids = rank([unbounded, small, large], 'least_busy', Math.random).map(({ id }) => id);
    assert.deepEqual(ids, [2, 3, 1]);
  });

  it('is by chance between equally busy ones', () => {
    const counts = firstIds([candidate(1), candidate(2), candidate(3, { inFlight: 1 })], 'least_busy', 2_000);
    assert.deepEqual([...counts.keys()].sort(), [1, 2]);
    assert.ok(Math.abs((counts.get(1) ?? 0) - 1_000) < 150);
  });

  it('begins with who can read the conversation, busy or not', () => {
    const candidates = [candidate(1), candidate(2, { inFlight: 9, isPreferred: true }), candidate(3)];
    for (const strategy of ['shuffle', 'least_busy'] as const) {
      assert.equal(rank(candidates, strategy, Math.random)[0]?.id, 2);
    }
  });

  it('neither loses nor doubles anybody', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 12 }), fc.integer(), (ids, seed) => {
        const random = () => Math.abs(Math.sin(seed + ids.length)) % 1;
        const ranked = rank(
          ids.map((id) => candidate(id)),
          'shuffle',
          random,
        );
        assert.deepEqual(ranked.map(({ id }) => id).sort(), [...ids].sort());
      }),
    );
  });
});
