import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenLogprob } from '../../../../src/core/chat/parts.ts';
import { type HeardLogprobs, hear, logprobsOf } from '../../../../src/protocols/openai/responses/heard-logprobs.ts';

const logprob = (token: string): TokenLogprob => ({ token, logprob: -1, bytes: null, top: [] });
const tokensOf = (heard: HeardLogprobs | null) => logprobsOf(heard).map(({ token }) => token);

describe('logprobs that were heard', () => {
  it('are told in the order in which they came', () => {
    const heard = hear(hear(hear(null, [logprob('a'), logprob('b')]), []), [logprob('c')]);
    assert.deepEqual(tokensOf(heard), ['a', 'b', 'c']);
    assert.deepEqual(tokensOf(null), []);
  });

  it('grow without a change or a copy of what was there', () => {
    const before = hear(null, [logprob('a')]);
    const after = hear(before, [logprob('b')]);
    assert.deepEqual([tokensOf(before), tokensOf(after)], [['a'], ['a', 'b']]);
    assert.equal(after?.before, before);
  });

  it('may be as many as an answer has', () => {
    let heard: HeardLogprobs | null = null;
    for (let index = 0; index < 100_000; index += 1) heard = hear(heard, [logprob('a')]);
    assert.equal(logprobsOf(heard).length, 100_000);
  });
});
