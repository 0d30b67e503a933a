import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maxRetryAfterMs, retryAfterOf } from '../../../src/adapters/http/retry-after.ts';
import { upstreamFailure } from '../../../src/adapters/http/upstream-failure.ts';

describe('how long an upstream wants to be left alone', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  const cases: Record<string, [Record<string, string>, number | null]> = {
    'is in seconds': [{ 'retry-after': '30' }, 30_000],
    'is in parts of a second': [{ 'retry-after': '1.5' }, 1_500],
    'is a date': [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9_000],
    'is nothing for a date that is past': [{ 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 0],
    'is in milliseconds, which count more': [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    'has a bound': [{ 'retry-after': '601' }, maxRetryAfterMs],
    'is allowed up to the bound': [{ 'retry-after': '600' }, maxRetryAfterMs],
    'is not said by garbage': [{ 'retry-after': 'soon' }, null],
    'is not said by a word and a number': [{ 'retry-after': 'soon 5' }, null],
    'is not said by a negative number': [{ 'retry-after': '-5' }, null],
    'is not said': [{}, null],
  };
  for (const [title, [headers, expected]] of Object.entries(cases)) {
    it(title, () => assert.equal(retryAfterOf(headers, now), expected));
  }

  it('comes with rate limits and with overload', () => {
    for (const status of [429, 500, 503]) {
      assert.equal(upstreamFailure(status, { 'retry-after': '2' }, '').retryAfterMs, 2_000);
    }
    assert.equal(upstreamFailure(429, {}, '').retryAfterMs, null);
  });

  it('is read from the body of a failure of Google’s, where no header says it', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }];
    const body = JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details } }, null, 2);
    assert.equal(upstreamFailure(429, {}, body).retryAfterMs, 34_500);
    assert.equal(upstreamFailure(429, { 'retry-after': '2' }, body).retryAfterMs, 2_000);
  });

  it('has the same bound in a body', () => {
    assert.equal(upstreamFailure(429, {}, '{"retryDelay":"601s"}').retryAfterMs, maxRetryAfterMs);
  });
});
