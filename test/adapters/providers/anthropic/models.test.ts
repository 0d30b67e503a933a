import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claudeModel } from '../../../../src/adapters/providers/anthropic/models.ts';

describe('what a model of Claude takes', () => {
  const thinking = {
    'claude-2.1': 'none',
    'claude-3-opus-20240229': 'none',
    'claude-3-5-haiku-latest': 'none',
    'claude-3-7-sonnet-20250219': 'budget',
    'claude-sonnet-4-20250514': 'budget',
    'claude-opus-4-1-20250805': 'budget',
    'claude-haiku-4-5': 'budget',
    'claude-opus-4-6': 'adaptive',
    'claude-sonnet-5': 'adaptive',
    'claude-something-of-2030': 'adaptive',
  } as const;
  for (const [name, expected] of Object.entries(thinking)) {
    it(`is, for ${name}, to think by ${expected}`, () => assert.equal(claudeModel(name).thinking, expected));
  }

  const bounds = {
    'claude-3-haiku-20240307': 4_096,
    'claude-3-5-sonnet-20241022': 8_192,
    'claude-opus-4-20250514': 32_000,
    'claude-opus-4-1': 32_000,
    'claude-sonnet-4-20250514': 64_000,
    'claude-opus-4-5-20251101': 64_000,
    'claude-opus-4-6': 128_000,
    'claude-opus-5': 128_000,
    'a-model-of-somebody-else': 8_192,
  };
  for (const [name, expected] of Object.entries(bounds)) {
    it(`is, for ${name}, up to ${expected} tokens of an answer`, () => {
      assert.equal(claudeModel(name).maxOutputTokens, expected);
    });
  }

  it('is told by its name under a reseller’s prefix too', () => {
    assert.deepEqual(claudeModel('eu.anthropic.claude-opus-4-6-v1:0'), claudeModel('claude-opus-4-6'));
  });

  it('is no sampling from Opus 4.7 on', () => {
    assert.equal(claudeModel('claude-opus-4-6').sampling, true);
    assert.equal(claudeModel('claude-opus-4-7').sampling, false);
  });
});
