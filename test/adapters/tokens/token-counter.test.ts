import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { maxPieceUnits } from '../../../src/adapters/tokens/pieces.ts';
import { createTokenCounter } from '../../../src/adapters/tokens/token-counter.ts';
import { silentLog } from '../../helpers/log.ts';

describe('the token counter', () => {
  const counter = createTokenCounter(silentLog);
  const firstCount = counter.count('eight by');

  before(() => counter.ready());

  it('takes four bytes for a token until its table is loaded', () => {
    assert.equal(firstCount, 2);
  });

  it('counts as o200k_base does', () => {
    assert.equal(counter.count('The quick brown fox jumps over the lazy dog.'), 10);
    assert.equal(counter.count(''), 0);
  });

  it('counts a long text as it would in one piece', () => {
    const sentence = 'The quick brown fox jumps over the lazy dog. ';
    assert.equal(counter.count(sentence.repeat(40).trim()), 10 * 40);
  });

  it('counts the names of special tokens as text', () => {
    assert.ok(counter.count('<|endoftext|>') > 1);
  });

  it('counts one unbroken word of thousands of letters piece by piece', () => {
    const piece = 'é'.repeat(maxPieceUnits);
    assert.equal(counter.count(piece.repeat(32)), 32 * counter.count(piece));
  });
});
