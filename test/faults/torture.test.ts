import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseSeed } from '../helpers/stack.ts';
import { describeResult } from './torture/report.ts';
import { torture } from './torture/torture.ts';

const kills = 20;

describe('everything at once', () => {
  it(`does no harm in ${kills} kills (many more: npm run test:faults -- --kills 1000)`, async (t) => {
    const result = await torture({ kills, seed: chooseSeed() });
    t.diagnostic(describeResult(result));
    assert.deepEqual(result.violations, []);
    assert.ok(result.state.jobs.length > 0);
  });
});
