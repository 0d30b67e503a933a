import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectWhole } from '../../../src/activities/relay/collect-whole.ts';

let isGivenUp = false;

async function* pieces(...texts: string[]) {
  isGivenUp = true;
  for (const text of texts) yield Buffer.from(text);
  isGivenUp = false;
}

test('an answer is taken up to its bound', async () => {
  assert.equal((await collectWhole(pieces('ab', 'cd'), 4)).toString(), 'abcd');
});

test('one that goes on is given up', async () => {
  await assert.rejects(collectWhole(pieces('ab', 'cde', 'f'), 4), { code: 'upstream_error' });
  assert.equal(isGivenUp, true);
});
