import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { effortBudgets, effortOfBudget, thinkingWish } from '../../../../src/core/chat/tables/efforts.ts';
import type { Reasoning } from '../../../../src/core/chat.ts';

const silent: Reasoning = { effort: null, budgetTokens: null, summary: null, includeSignature: false };

describe('a budget as an effort', () => {
  const efforts = {
    '-1': 'medium',
    0: 'none',
    1: 'low',
    4096: 'low',
    4097: 'medium',
    16384: 'medium',
    16385: 'high',
  } as const;
  for (const [budget, effort] of Object.entries(efforts)) {
    it(`of ${budget} tokens is ${effort}`, () => assert.equal(effortOfBudget(Number(budget)), effort));
  }

  it('of an effort is that effort again', () => {
    for (const effort of ['low', 'medium', 'high'] as const) {
      assert.equal(effortOfBudget(effortBudgets[effort]), effort);
    }
  });
});

describe('how much a request wants to be thought about', () => {
  it('is unsaid where nothing is said', () => {
    assert.equal(thinkingWish(null), 'unsaid');
    assert.equal(thinkingWish(silent), 'unsaid');
    assert.equal(thinkingWish({ ...silent, includeSignature: true }), 'unsaid');
  });

  it('is nothing for no effort and for no tokens', () => {
    assert.equal(thinkingWish({ ...silent, effort: 'none', summary: 'auto' }), 'off');
    assert.equal(thinkingWish({ ...silent, budgetTokens: 0 }), 'off');
  });

  it('is as the model likes for a negative budget, and for who wants to see thoughts', () => {
    assert.deepEqual(thinkingWish({ ...silent, budgetTokens: -1 }), { effort: null, budgetTokens: null });
    assert.deepEqual(thinkingWish({ ...silent, summary: 'auto' }), { effort: null, budgetTokens: null });
  });

  it('is what was said', () => {
    assert.deepEqual(thinkingWish({ ...silent, effort: 'low', budgetTokens: 9 }), { effort: 'low', budgetTokens: 9 });
  });
});
