import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type AttemptOutcome,
  asksToSlowDown,
  jitterShare,
  judge,
  standardScheduleMs,
} from '../../../src/core/webhooks/delivery-schedule.ts';

const hourMs = 3_600_000;
const id = fc.string({ minLength: 1, maxLength: 60 });
const failingStatus = fc.constantFrom(null, 301, 302, 307, 400, 401, 404, 408, 429, 500, 502, 503, 504);
const retryAfter = fc.option(fc.record({ delayMs: fc.integer({ min: 0, max: 400 * hourMs }), isDate: fc.boolean() }), {
  nil: null,
});
const schedule = fc.array(fc.integer({ min: 0, max: 48 * hourMs }), { minLength: 1, maxLength: 12 });
const silence: AttemptOutcome = { statusCode: null, retryAfter: null };

function answered(statusCode: number, delayMs: number | null = null, isDate = false): AttemptOutcome {
  return { statusCode, retryAfter: delayMs === null ? null : { delayMs, isDate } };
}

/** The pause after a failed attempt; throws when there is none. */
function pause(attempt: number, outcome: AttemptOutcome, deliveryId = 'wh:evt_1:we_1'): number {
  const verdict = judge(standardScheduleMs, deliveryId, attempt, outcome);
  assert.equal(verdict.kind, 'again');
  return verdict.kind === 'again' ? verdict.afterMs : Number.NaN;
}

describe('the schedule of a delivery', () => {
  it('is ten attempts in 75 h 35 min 5 s', () => {
    assert.equal(standardScheduleMs.length, 10);
    assert.equal(
      standardScheduleMs.reduce((sum, ms) => sum + ms, 0),
      75 * hourMs + 35 * 60_000 + 5_000,
    );
  });

  it('keeps every pause within 20 % of the planned one', () => {
    fc.assert(
      fc.property(id, schedule, failingStatus, (deliveryId, scheduleMs, statusCode) => {
        for (let attempt = 1; attempt < scheduleMs.length; attempt += 1) {
          const planned = scheduleMs[attempt] ?? 0;
          const verdict = judge(scheduleMs, deliveryId, attempt, { statusCode, retryAfter: null });
          if (verdict.kind !== 'again') return false;
          if (Math.abs(verdict.afterMs - planned) > planned * jitterShare + 0.5) return false;
        }
        return true;
      }),
    );
  });

  it('spreads what failed together over the whole of these 20 %', () => {
    const pauses = Array.from({ length: 1_000 }, (_, index) => pause(1, silence, `wh:evt_${index}:we_1`));
    const tenths = new Set(pauses.map((ms) => Math.floor((ms - 4_000) / 200)));
    for (let tenth = 0; tenth < 10; tenth += 1) assert.ok(tenths.has(tenth), `no pause in tenth ${tenth}`);
  });

  it('is the same for whoever computes it', () => {
    fc.assert(
      fc.property(
        id,
        fc.integer({ min: 1, max: 9 }),
        failingStatus,
        retryAfter,
        (deliveryId, attempt, status, wish) => {
          const outcome = { statusCode: status, retryAfter: wish };
          assert.deepEqual(
            judge(standardScheduleMs, deliveryId, attempt, outcome),
            judge(standardScheduleMs, deliveryId, attempt, outcome),
          );
        },
      ),
    );
  });

  it('ends as failed after its last attempt, whatever the receiver wishes', () => {
    fc.assert(
      fc.property(id, schedule, failingStatus, retryAfter, (deliveryId, scheduleMs, statusCode, wish) => {
        const verdict = judge(scheduleMs, deliveryId, scheduleMs.length, { statusCode, retryAfter: wish });
        assert.deepEqual(verdict, { kind: 'failed', reason: 'given_up' });
      }),
    );
  });
});

describe("a receiver's answer", () => {
  it('is a success with every 2xx and with nothing else', () => {
    for (let statusCode = 100; statusCode < 600; statusCode += 1) {
      const { kind } = judge(standardScheduleMs, 'd', 1, answered(statusCode));
      assert.equal(kind === 'succeeded', statusCode >= 200 && statusCode < 300, String(statusCode));
    }
    assert.equal(judge(standardScheduleMs, 'd', 1, silence).kind, 'again');
  });

  it('ends the delivery at once with 410', () => {
    assert.deepEqual(judge(standardScheduleMs, 'd', 1, answered(410, 1_000)), { kind: 'failed', reason: 'gone' });
  });

  it('lengthens the pause by its Retry-After, to twice the planned one at most', () => {
    const planned = pause(2, answered(429));
    assert.equal(pause(2, answered(429, 0)), planned);
    assert.equal(pause(2, answered(429, planned - 1)), planned);
    assert.equal(pause(2, answered(429, planned + 1)), planned + 1);
    assert.equal(pause(2, answered(429, 2 * planned)), 2 * planned);
    assert.equal(pause(2, answered(429, 2 * planned + 1)), 2 * planned);
  });

  it('is waited for up to 24 h by a 503 that names a date, and by no other', () => {
    assert.equal(pause(1, answered(503, 23 * hourMs, true)), 23 * hourMs);
    assert.equal(pause(1, answered(503, 25 * hourMs, true)), 24 * hourMs);
    assert.ok(pause(1, answered(503, 23 * hourMs)) <= 12_000);
    assert.ok(pause(1, answered(429, 23 * hourMs, true)) <= 12_000);
  });

  it('never shortens the planned pause', () => {
    fc.assert(
      fc.property(
        id,
        fc.integer({ min: 1, max: 9 }),
        failingStatus,
        retryAfter,
        (deliveryId, attempt, status, wish) => {
          const without = pause(attempt, { statusCode: status, retryAfter: null }, deliveryId);
          return pause(attempt, { statusCode: status, retryAfter: wish }, deliveryId) >= without;
        },
      ),
    );
  });

  it('asks for fewer calls at once with 429, 502, 504 and silence', () => {
    for (const statusCode of [429, 502, 504]) assert.ok(asksToSlowDown(answered(statusCode)), String(statusCode));
    assert.ok(asksToSlowDown(silence));
    for (const statusCode of [200, 302, 400, 410, 500, 503]) assert.ok(!asksToSlowDown(answered(statusCode)));
  });
});
