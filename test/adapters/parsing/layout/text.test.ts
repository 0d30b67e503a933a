import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { joinLines, vocabularyOf } from '../../../../src/adapters/parsing/layout/text.ts';

const join = (lines: string[], known: string[] = []) => joinLines(lines, new Set(known));

describe('joining lines', () => {
  test('a space stands between the words of two lines', () => {
    assert.equal(join(['one line', 'and the next']), 'one line and the next');
  });

  test('a word divided between lines becomes whole', () => {
    assert.equal(join(['a general feasi-', 'bility study']), 'a general feasibility study');
  });

  test('a soft hyphen at the end of a line divides a word too', () => {
    assert.equal(join(['rea\u00ad', 'soning']), 'reasoning');
  });

  test('a compound keeps its hyphen when the document writes it so', () => {
    assert.equal(join(['a chat-', 'optimized model'], ['chat-optimized']), 'a chat-optimized model');
  });

  test('a compound of two words that the document knows keeps its hyphen', () => {
    assert.equal(join(['every tree-', 'house here'], ['tree', 'house']), 'every tree-house here');
  });

  test('a word that the document writes as one is one, even if its halves are words', () => {
    assert.equal(join(['every tree-', 'house here'], ['tree', 'house', 'treehouse']), 'every treehouse here');
  });

  test('a compound with an ending that only compounds have keeps its hyphen', () => {
    assert.equal(join(['conversation-', 'centric design']), 'conversation-centric design');
  });

  test('a hyphen before a number or a name stays, without a space', () => {
    assert.equal(join(['see ISO-', '8601']), 'see ISO-8601');
    assert.equal(join(['the Box-', 'Cox transformation']), 'the Box-Cox transformation');
  });

  test('a dash that ends a line is no hyphen', () => {
    assert.equal(join(['a remark -', 'or two']), 'a remark - or two');
  });

  test('no space is put between lines of a script that has none', () => {
    assert.equal(join(['日本語の', '文章']), '日本語の文章');
  });
});

test('the first and last word of a line are no evidence of how a word is written', () => {
  assert.deepEqual([...vocabularyOf(['ing has some words con-'])], ['has', 'some', 'words']);
});
