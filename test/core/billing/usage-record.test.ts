import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineRequestId } from '../../../src/core/batch.ts';
import { isBilled } from '../../../src/core/billing/usage-record.ts';
import { usageOf } from '../../../src/core/usage.ts';

const used = usageOf({ promptTokens: 5 });
const line = `${lineRequestId('job_0123456789abcdefghjkmnpqrstv', 3)}:1`;

describe('a call on a model', () => {
  for (const [what, record, expected] of [
    ['that was answered', { status: 200, usage: usageOf({}), unit: null }, true],
    ['that was given up when it had consumed something', { status: 499, usage: used, unit: null }, true],
    ['that was given up before', { status: 499, usage: usageOf({}), unit: null }, false],
    ['of a job that was given up when it had consumed something', { status: 499, usage: used, unit: 'job_1:1' }, true],
    ['of a line that was answered', { status: 200, usage: used, unit: line }, true],
    ['of a line that was given up when it had consumed something', { status: 499, usage: used, unit: line }, false],
    ['of a line that broke off when it had consumed something', { status: 502, usage: used, unit: line }, false],
  ] as const) {
    it(`${what} is ${expected ? '' : 'not '}billed`, () => assert.equal(isBilled(record), expected));
  }
});
