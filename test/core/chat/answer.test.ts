import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collect } from '../../../src/core/chat/answer.ts';
import type { ChatPart, TokenLogprob } from '../../../src/core/chat/parts.ts';

const start = { id: 'x', createdAt: 0, model: 'm', serviceTier: null, systemFingerprint: null };

/** Says the tokens, one at a time. */
function* partsOf(tokens: Iterable<TokenLogprob>): Generator<ChatPart> {
  const place = { choice: 0, id: 'b' };
  yield { type: 'start', ...start };
  yield { type: 'block-start', ...place, block: { kind: 'text' } };
  for (const token of tokens) yield { type: 'block-delta', ...place, delta: token.token, logprobs: [token] };
  yield { type: 'block-end', ...place, signature: null, annotations: [] };
  yield { type: 'finish', choice: 0, reason: 'stop', stopSequence: null };
}

function* someTokens(count: number): Generator<TokenLogprob> {
  for (let index = 0; index < count; index += 1) yield { token: `${index};`, logprob: -1, bytes: null, top: [] };
}

describe('the tier of an answer', () => {
  const parts = [...partsOf([])];
  const tierOf = (finish: object) => {
    const last = parts.map((part) => (part.type === 'finish' ? { ...part, ...finish } : part));
    return collect([{ type: 'start', ...start, serviceTier: 'flex' }, ...last.slice(1)]).start.serviceTier;
  };

  it('is that of its beginning', () => assert.equal(tierOf({}), 'flex'));
  it('is another where it turned out so at the end', () => assert.equal(tierOf({ serviceTier: 'default' }), 'default'));
});

describe('the logprobs of an answer', () => {
  it('are those of its tokens, in order', () => {
    const [choice] = collect(partsOf(someTokens(3))).choices;
    assert.deepEqual(choice?.blocks[0]?.logprobs, [...someTokens(3)]);
    assert.equal(choice?.blocks[0]?.text, '0;1;2;');
  });

  // A copy of all of them for each would take minutes.
  it('are folded in time that grows with their number', { timeout: 20_000 }, () => {
    const [choice] = collect(partsOf(someTokens(400_000))).choices;
    assert.equal(choice?.blocks[0]?.logprobs?.length, 400_000);
  });

  it('leave the parts they came in as they were', () => {
    const parts = [...partsOf(someTokens(2))];
    const before = structuredClone(parts);
    collect(parts);
    assert.deepEqual(parts, before);
  });
});
