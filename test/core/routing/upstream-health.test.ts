import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '../../../src/core/routing/failure.ts';
import { UpstreamHealth } from '../../../src/core/routing/upstream-health.ts';

const start = 1_000_000;

function call(health: UpstreamHealth, verdict: Verdict, now = start, retryAfterMs: number | null = null): void {
  health.enter(1, now).end({ verdict, retryAfterMs }, 1, now);
}

/** One that begins, and ends with that; null for one that its caller leaves. */
function stream(health: UpstreamHealth, verdict: Verdict | null, now = start): void {
  const visit = health.enter(1, now);
  visit.begun();
  visit.end(verdict && { verdict, retryAfterMs: null }, 1, now);
}

describe('health of an upstream', () => {
  it('is not ill for saying that it gets too much, however often', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 50; count += 1) call(health, 'throttled');
    assert.equal(health.breakerAdmits(start), true);
    assert.equal(health.limit, 5);
  });

  it('is ill and gets less after five answers that did not come in time', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 5; count += 1) call(health, 'slow');
    assert.deepEqual([health.breakerAdmits(start), health.limit], [false, 5]);
  });

  it('is left alone for as long as it asked', () => {
    const health = new UpstreamHealth();
    call(health, 'throttled', start, 30_000);
    assert.equal(health.pauseAdmits(start + 29_999), false);
    assert.equal(health.readyAt(start), start + 30_000);
    assert.equal(health.pauseAdmits(start + 30_000), true);
  });

  it('is asked by one alone after that, and by all once that one is answered', () => {
    const health = new UpstreamHealth();
    call(health, 'throttled', start, 1_000);
    const visit = health.enter(1, start + 1_000);
    assert.equal(health.pauseAdmits(start + 1_000), false);
    assert.equal(health.readyAt(start + 1_000), null);
    visit.begun();
    assert.equal(health.pauseAdmits(start + 1_100), true);
  });

  it('is asked by all once the answer of the one has begun, whatever becomes of it', () => {
    const health = new UpstreamHealth();
    call(health, 'throttled', start, 1_000);
    health.enter(1, start + 1_000).begun();
    assert.equal(health.pauseAdmits(start + 1_000), true);
  });

  it('is left alone again when it says so again, and when the one who tried has gone', () => {
    const health = new UpstreamHealth();
    call(health, 'throttled', start, 1_000);
    call(health, 'throttled', start + 1_000, 5_000);
    assert.equal(health.pauseAdmits(start + 5_999), false);
    health.enter(1, start + 6_000).end(null, 1, start + 6_000);
    assert.equal(health.pauseAdmits(start + 6_000), true);
  });

  it('is no better for a call that ended by its caller', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 4; count += 1) call(health, 'failed');
    health.enter(1, start).end(null, 1, start);
    call(health, 'failed');
    assert.equal(health.breakerAdmits(start), false);
  });

  it('is well for having found fault with a request', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 4; count += 1) call(health, 'failed');
    call(health, 'well');
    call(health, 'failed');
    assert.equal(health.breakerAdmits(start), true);
  });

  it('is ill after five streams in a row that broke, though all had begun', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 4; count += 1) stream(health, 'failed');
    assert.equal(health.breakerAdmits(start), true);
    stream(health, 'failed');
    assert.equal(health.breakerAdmits(start), false);
  });

  it('is ill when half of its streams break, and not when fewer do', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 9; count += 1) {
      stream(health, 'failed');
      stream(health, 'well');
    }
    stream(health, 'well');
    assert.equal(health.breakerAdmits(start), true);
    stream(health, 'failed');
    assert.equal(health.breakerAdmits(start), false);
  });

  it('is well for an answer that its caller left in the middle', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 4; count += 1) call(health, 'failed');
    stream(health, null);
    call(health, 'failed');
    assert.equal(health.breakerAdmits(start), true);
  });

  it('is asked by all again as soon as the one who tries is answered', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 5; count += 1) call(health, 'failed');
    const visit = health.enter(1, start + 5_000);
    assert.equal(health.breakerAdmits(start + 5_000), false);
    visit.begun();
    assert.equal(health.breakerAdmits(start + 5_000), true);
  });

  it('is no worse for the break of the stream that tried than for any other', () => {
    const health = new UpstreamHealth();
    for (let count = 0; count < 5; count += 1) call(health, 'failed');
    stream(health, 'failed', start + 5_000);
    for (let count = 0; count < 3; count += 1) stream(health, 'failed', start + 5_000);
    assert.equal(health.breakerAdmits(start + 5_000), true);
    stream(health, 'failed', start + 5_000);
    assert.equal(health.breakerAdmits(start + 5_000), false);
  });
});
