import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createExpressionCompiler, defaultUserRegexLimits } from '../../../src/adapters/parsing/user-regex.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const compile = createExpressionCompiler();

describe('a user expression', () => {
  it('reports where its matches start, empty ones included', () => {
    assert.deepEqual(compile('b+', 'separators[0]').matchStarts('abba b'), [1, 5]);
    assert.deepEqual(compile('x*', 'separators[0]').matchStarts('axx'), [0, 1, 3]);
  });

  it('never starts between the halves of a surrogate pair', () => {
    assert.deepEqual(compile('x*', 'separators[0]').matchStarts('😀a😀'), [0, 2, 3, 5]);
    assert.deepEqual(compile('[^a]', 'separators[0]').matchStarts('😀a\ud83d'), [0, 3]);
  });

  for (const [pattern, feature] of [
    ['a(?=b)', 'look-around'],
    ['(?!a)b', 'look-around'],
    ['(?<=\\.) ', 'look-around'],
    ['(?<!\\.) ', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(?P<x>a)(?P=x)', 'back-references'],
    ['a++', 'possessive'],
    ['(?>a)b', 'atomic'],
  ] as const) {
    it(`that holds ${pattern} is refused with the name of what is missing`, () => {
      const error = refusal(() => compile(pattern, 'separators[2]'));
      assert.equal(error.code, 'invalid_request');
      assert.equal(error.param, 'separators[2]');
      assert.match(error.publicMessage, new RegExp(feature));
    });
  }

  it('that is malformed is refused with the reason', () => {
    const error = refusal(() => compile('a(b', 'separators[0]'));
    assert.equal(error.param, 'separators[0]');
    assert.match(error.publicMessage, /RE2 syntax.*missing closing \)/);
  });

  it('may be as long as the limit and no longer', () => {
    const { maxPatternLength } = defaultUserRegexLimits;
    assert.deepEqual(compile('a'.repeat(maxPatternLength), 'separators[0]').matchStarts('a'), []);
    const error = refusal(() => compile('a'.repeat(maxPatternLength + 1), 'separators[0]'));
    assert.match(error.publicMessage, /at most 1000 characters; it has 1001/);
  });

  it('may not compile to more than the largest program', () => {
    assert.deepEqual(compile('[ab]{900}', 'separators[0]').matchStarts('a'), []);
    assert.match(refusal(() => compile('[ab]{900}[cd]{900}', 'separators[0]')).publicMessage, /too complex/);
  });

  it('that backtracks for ever elsewhere is done at once', { timeout: 10_000 }, () => {
    const text = 'a'.repeat(200_000);
    assert.deepEqual(compile('(a+)+$', 'separators[0]').matchStarts(text), [0]);
    assert.deepEqual(compile('(a|a)*b', 'separators[0]').matchStarts(text), []);
  });

  it('whose matches take quadratic time together is stopped', { timeout: 10_000 }, () => {
    const limited = createExpressionCompiler({ ...defaultUserRegexLimits, baseTimeMs: 50, timePerMebibyteMs: 0 });
    const error = refusal(() => limited('a[^b]*b|a', 'separators[0]').matchStarts('a'.repeat(100_000)));
    assert.equal(error.code, 'invalid_request');
    assert.match(error.publicMessage, /takes too long/);
  });

  it('is given its time anew with every megabyte of text', () => {
    const limited = createExpressionCompiler({
      ...defaultUserRegexLimits,
      baseTimeMs: 0,
      timePerMebibyteMs: 60_000_000,
    });
    const matcher = limited('a', 'separators[0]');
    for (let piece = 0; piece < 100; piece += 1) assert.equal(matcher.matchStarts('a'.repeat(1_000)).length, 1_000);
  });
});

function refusal(act: () => unknown): GatewayError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  return assert.fail('was accepted');
}
