import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Breaker } from '../../../src/core/routing/breaker.ts';

const start = 1_000_000;

/** Calls one after the other, none of them a probe. */
function call(breaker: Breaker, outcomes: readonly boolean[], now = start): void {
  for (const isWell of outcomes) {
    if (isWell) breaker.succeeded(now, false);
    else breaker.failed(now, false);
  }
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** Opened at `start` by five refusals. */
function openBreaker(): Breaker {
  const breaker = new Breaker();
  call(breaker, times(5, false));
  return breaker;
}

describe('breaker', () => {
  const cases: readonly [string, readonly boolean[], boolean][] = [
    ['stays closed after four failures in a row', times(4, false), true],
    ['opens at five failures in a row, though there is little traffic', times(5, false), false],
    ['stays closed when failures and successes take turns and calls are few', [false, false, false, false, true], true],
    ['stays closed at 45 % of twenty calls', [...times(11, true), ...times(4, false), true, ...times(4, false)], true],
    ['opens at 50 % of twenty calls', [...times(10, true), ...times(10, false)], false],
    ['stays closed for five failures in a row among many calls', [...times(95, true), ...times(5, false)], true],
  ];
  for (const [name, outcomes, isClosed] of cases) {
    it(name, () => {
      const breaker = new Breaker();
      call(breaker, outcomes);
      assert.equal(breaker.admits(start), isClosed);
    });
  }

  it('does not hold failures of more than ten seconds ago against anybody', () => {
    const breaker = new Breaker();
    call(breaker, [...times(15, true), ...times(9, false)], start);
    call(breaker, [...times(15, true), ...times(9, false)], start + 11_000);
    assert.equal(breaker.isClosed, true);
  });

  it('lets one call try after five seconds, and nobody beside it', () => {
    const breaker = openBreaker();
    assert.equal(breaker.admits(start + 4_999), false);
    assert.equal(breaker.admits(start + 5_000), true);
    assert.equal(breaker.enter(), true);
    assert.equal(breaker.admits(start + 5_000), false);
    assert.equal(breaker.opensAt(start + 5_000), null);
  });

  it('closes when that call succeeds', () => {
    const breaker = openBreaker();
    breaker.succeeded(start + 5_000, breaker.enter());
    assert.equal(breaker.isClosed, true);
    call(breaker, times(4, false), start + 5_000);
    assert.equal(breaker.isClosed, true);
  });

  it('doubles the pause with each try that fails, up to a minute', () => {
    const breaker = openBreaker();
    let now = start;
    for (const pauseMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      assert.equal(breaker.admits(now + pauseMs - 1), false);
      now += pauseMs;
      assert.equal(breaker.admits(now), true);
      breaker.failed(now, breaker.enter());
    }
  });

  it('lets another try when the first one was given up', () => {
    const breaker = openBreaker();
    breaker.abandoned(breaker.enter());
    assert.equal(breaker.admits(start + 5_000), true);
  });

  it('is not closed by a call that began before it opened', () => {
    const breaker = openBreaker();
    breaker.succeeded(start + 1, false);
    assert.equal(breaker.admits(start + 1), false);
  });

  it('always admits somebody within a minute, whatever happens', () => {
    const event = fc.record({
      gapMs: fc.integer({ min: 0, max: 30_000 }),
      outcome: fc.constantFrom('well', 'failed', 'abandoned'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const breaker = new Breaker();
        let now = start;
        for (const { gapMs, outcome } of events) {
          now += gapMs;
          if (!breaker.admits(now)) continue;
          const isProbe = breaker.enter();
          if (outcome === 'well') breaker.succeeded(now, isProbe);
          else if (outcome === 'failed') breaker.failed(now, isProbe);
          else breaker.abandoned(isProbe);
        }
        assert.equal(breaker.admits(now + 60_000), true);
      }),
    );
  });
});
