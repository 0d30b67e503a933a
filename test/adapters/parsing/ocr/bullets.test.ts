import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restoreBullets } from '../../../../src/adapters/parsing/ocr/bullets.ts';
import { typeset } from '../../../helpers/typeset.ts';

const starts = (lines: string[]): string[] => restoreBullets(typeset(lines).words).map((word) => word.text);

describe('bullets that were read as something else', () => {
  test('signs before a line are bullets', () => {
    assert.deepEqual(starts(['* one', '« two', '+ three', '= four']), [
      '•',
      'one',
      '•',
      'two',
      '•',
      'three',
      '•',
      'four',
    ]);
  });

  test('a letter under a bullet is one', () => {
    assert.deepEqual(starts(['* one', 'o two']), ['•', 'one', '•', 'two']);
  });

  test('a letter elsewhere is a letter', () => {
    assert.deepEqual(starts(['a word', 'I see']), ['a', 'word', 'I', 'see']);
    assert.deepEqual(starts(['* one', '      o two']), ['•', 'one', 'o', 'two']);
  });

  test('a dash stays a dash, and a sign within a line a sign', () => {
    assert.deepEqual(starts(['- one', 'two + three']), ['-', 'one', 'two', '+', 'three']);
  });
});
