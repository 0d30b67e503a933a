import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { type CompileExpression, everyCodePoint, literalMatcher } from '../../../src/core/splitter/matcher.ts';
import { maxSeparatorLength, maxSeparators, splitterOptions } from '../../../src/core/splitter/options.ts';
import { presetNames } from '../../../src/core/splitter/presets.ts';
import type { SplitterSettings } from '../../../src/core/splitter/settings.ts';
import { splitText } from '../../../src/core/splitter/split.ts';

describe('splitterOptions', () => {
  it('refuses a chunk size of 0, naming the field', () => assertRefused({ chunkSize: 0 }, 'chunk_size'));
  it('refuses a size that is no whole number', () => assertRefused({ chunkSize: 1.5 }, 'chunk_size'));
  it('accepts a chunk size of 1', () => assert.equal(resolve({ chunkSize: 1 }).chunkSize, 1));

  it('accepts an overlap as large as the size and refuses a larger one', () => {
    assert.equal(resolve({ chunkSize: 10, chunkOverlap: 10 }).chunkOverlap, 10);
    assertRefused({ chunkSize: 10, chunkOverlap: 11 }, 'chunk_overlap');
    assertRefused({ chunkOverlap: -1 }, 'chunk_overlap');
  });

  it('accepts a smallest size as large as the size and refuses a larger one', () => {
    assert.equal(resolve({ chunkSize: 10, chunkMinSize: 10 }).chunkMinSize, 10);
    assertRefused({ chunkSize: 10, chunkMinSize: 11 }, 'chunk_min_size');
  });

  it('makes one trimmed chunk of the whole text when chunking is disabled, whatever the sizes say', () => {
    const options = resolve({ disableChunking: true, chunkSize: 0, chunkOverlap: 5 });
    const text = ` ${'word\n\n'.repeat(5_000)}`;
    assert.deepEqual(splitText(text, options), [{ start: 1, end: text.length - 2, codePoints: text.length - 3 }]);
    assert.deepEqual(splitText(' \n', options), []);
  });

  it('knows the 28 presets of the specification, each ending in every code point', () => {
    const specified =
      'cpp go java kotlin js ts php proto python r rst ruby rust scala swift markdown latex html sol csharp cobol c ' +
      'lua perl haskell elixir powershell visualbasic6';
    assert.deepEqual([...presetNames].sort(), specified.split(' ').sort());
    for (const preset of presetNames) assert.equal(resolve({ preset }).separators.at(-1), everyCodePoint);
  });

  it('has a list for Perl that cuts before packages and subs', () => {
    const options = resolve({ preset: 'perl', chunkSize: 30 });
    const text = 'use strict;\npackage Depot;\n\nsub new { bless {} }\nsub size { 3 }\n';
    assert.deepEqual(
      splitText(text, options).map((span) => text.slice(span.start, span.end)),
      ['use strict;', 'package Depot;', 'sub new { bless {} }', 'sub size { 3 }'],
    );
  });

  it('refuses an unknown preset and lists those it knows', () => {
    const error = refusal({ preset: 'fortran' });
    assert.equal(error.param, 'preset_separators');
    assert.match(error.publicMessage, /markdown.*"fortran"/);
  });

  it('does not take the name of an inherited property for a preset', () =>
    assertRefused({ preset: 'constructor' }, 'preset_separators'));

  it('prefers separators of the caller to the preset, and takes them literally', () => {
    const options = resolve({ separators: ['.'], preset: 'fortran', chunkSize: 2 });
    assert.deepEqual(
      splitText('ab.c', options).map((span) => span.start),
      [0, 2],
    );
  });

  it('hands expressions to the engine with the field they came in, and never the empty one', () => {
    const asked: [string, string][] = [];
    const compile: CompileExpression = (pattern, param) => {
      asked.push([pattern, param]);
      return literalMatcher(pattern);
    };
    const options = splitterOptions({ ...base, separators: ['a+', '', 'b+'], isSeparatorRegex: true }, compile);
    assert.deepEqual(asked, [
      ['a+', 'separators[0]'],
      ['b+', 'separators[2]'],
    ]);
    assert.equal(options.separators[1], everyCodePoint);
  });

  it('limits the number of separators', () => {
    assert.equal(resolve({ separators: Array(maxSeparators).fill('a') }).separators.length, maxSeparators);
    assertRefused({ separators: Array(maxSeparators + 1).fill('a') }, 'separators');
  });

  it('limits the length of a separator', () => {
    assert.equal(resolve({ separators: ['a'.repeat(maxSeparatorLength)] }).separators.length, 1);
    assertRefused({ separators: ['b', 'a'.repeat(maxSeparatorLength + 1)] }, 'separators[1]');
  });
});

const base: SplitterSettings = {
  chunkSize: 2048,
  chunkMinSize: 0,
  chunkOverlap: 0,
  separators: [],
  isSeparatorRegex: false,
  preset: 'markdown',
  disableChunking: false,
};

function resolve(settings: Partial<SplitterSettings>) {
  return splitterOptions({ ...base, ...settings }, () => assert.fail('nothing to compile here'));
}

function refusal(settings: Partial<SplitterSettings>): GatewayError {
  try {
    resolve(settings);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  return assert.fail('was accepted');
}

function assertRefused(settings: Partial<SplitterSettings>, param: string): void {
  const error = refusal(settings);
  assert.equal(error.code, 'invalid_request');
  assert.equal(error.param, param);
}
