import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import { isTurnedAway, judge, mostUseful } from '../../../src/core/routing/failure.ts';

function fail(code: ErrorCode, retryAfterMs?: number): GatewayError {
  return new GatewayError(code, 'no', retryAfterMs === undefined ? {} : { retryAfterMs });
}

describe('what a failure means', () => {
  const cases: readonly [ErrorCode, string, string][] = [
    ['upstream_error', 'failed', 'another'],
    ['overloaded', 'failed', 'another'],
    ['upstream_auth_error', 'failed', 'another'],
    ['internal_error', 'failed', 'another'],
    ['upstream_timeout', 'slow', 'another'],
    ['rate_limit_exceeded', 'throttled', 'another'],
    ['unsupported_value', 'well', 'another-vendor'],
    ['upstream_rejected', 'well', 'nobody'],
    ['context_length_exceeded', 'well', 'nobody'],
    ['invalid_request', 'well', 'nobody'],
  ];
  for (const [code, verdict, remedy] of cases) {
    it(`of ${code}: the upstream is ${verdict}, ${remedy} may be asked`, () => {
      assert.deepEqual(judge(fail(code)), { verdict, remedy });
    });
  }
});

describe('what a caller hears of several refusals', () => {
  it('is a rate limit rather than a failure', () => {
    assert.equal(mostUseful([fail('upstream_error'), fail('rate_limit_exceeded', 9_000)])?.code, 'rate_limit_exceeded');
  });

  it('is the rate limit that ends first', () => {
    const errors = [
      fail('rate_limit_exceeded'),
      fail('rate_limit_exceeded', 30_000),
      fail('rate_limit_exceeded', 2_000),
    ];
    assert.equal(mostUseful(errors)?.retryAfterMs, 2_000);
  });

  it('is what a retry may help rather than what needs an administrator or another request', () => {
    const errors = [fail('unsupported_value'), fail('upstream_auth_error'), fail('upstream_timeout')];
    assert.equal(mostUseful(errors)?.code, 'upstream_timeout');
    assert.equal(mostUseful(errors.slice(0, 2))?.code, 'upstream_auth_error');
  });

  it('is nothing of nothing', () => {
    assert.equal(mostUseful([]), null);
  });
});

describe('a call that was turned away', () => {
  it('was not taken on by anybody: it may be made again', () => {
    const unreached = new GatewayError('upstream_error', 'no', {
      cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    });
    assert.deepEqual([fail('rate_limit_exceeded'), fail('overloaded'), unreached].map(isTurnedAway), [
      true,
      true,
      true,
    ]);
  });

  it('is none that an upstream failed at, or that broke off on the way', () => {
    const reset = new GatewayError('upstream_error', 'no', {
      cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }),
    });
    const others = [reset, fail('upstream_error'), fail('upstream_timeout'), fail('internal_error')];
    assert.deepEqual(others.map(isTurnedAway), [false, false, false, false]);
  });
});
