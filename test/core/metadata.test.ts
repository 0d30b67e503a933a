import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matchesFilter, metadata, metadataFilter } from '../../src/core/metadata.ts';

const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, index]));

describe('metadata', () => {
  for (const [name, value] of Object.entries({
    'text, numbers and booleans': { title: 'Annual report', page: 3, share: -0.25, draft: false },
    'ten keys': keys(10),
    'a key and a value of 255 characters': { ['k'.repeat(255)]: 'v'.repeat(255) },
    '255 emoji, which are characters': { mood: '😀'.repeat(255) },
    'the largest number either way': { most: 9_999_999_999_999_998, least: -9_999_999_999_999_998 },
    'a key that objects inherit': { constructor: 'Brunel', toString: 'x' },
  })) {
    it(`may hold ${name}`, () => assert.deepEqual(metadata.parse(value), value));
  }

  for (const [name, value] of Object.entries({
    'an empty object': {},
    'eleven keys': keys(11),
    'an empty key': { '': 1 },
    'a key of 256 characters': { ['k'.repeat(256)]: 1 },
    'a key with a null character': { 'a\0b': 1 },
    'an empty text': { a: '' },
    'a text of 256 characters': { a: 'v'.repeat(256) },
    '256 emoji': { a: '😀'.repeat(256) },
    'a number out of range': { a: 10_000_000_000_000_002 },
    'an infinite number': { a: Infinity },
    null: { a: null },
    'a list': { a: ['x'] },
    'an object within': { a: { b: 1 } },
    'a list in place of an object': ['a'],
    'the prototype key': JSON.parse('{"__proto__": "x", "a": 1}'),
  })) {
    it(`may not be or hold ${name}`, () => assert.equal(metadata.safeParse(value).success, false));
  }
});

describe('a metadata filter', () => {
  const one = { key: 'a', type: 'eq', value: 'x' };

  for (const [name, value] of Object.entries({
    'one comparison': one,
    'a comparison with a number': { ...one, value: 4 },
    'two comparisons': { operator: 'and', filters: [one, one] },
    'four comparisons': { operator: 'or', filters: [one, one, one, one] },
  })) {
    it(`may be ${name}`, () => assert.deepEqual(metadataFilter.parse(value), value));
  }

  for (const [name, value] of Object.entries({
    'a comparison of another type': { ...one, type: 'gt' },
    'a comparison with null': { ...one, value: null },
    'a comparison with a field it does not know': { ...one, boost: 2 },
    'a compound of one': { operator: 'and', filters: [one] },
    'a compound of five': { operator: 'and', filters: [one, one, one, one, one] },
    'a compound with another operator': { operator: 'not', filters: [one, one] },
    'a compound within a compound': { operator: 'and', filters: [one, { operator: 'or', filters: [one, one] }] },
  })) {
    it(`may not be ${name}`, () => assert.equal(metadataFilter.safeParse(value).success, false));
  }
});

describe('matchesFilter', () => {
  const chunk = { title: 'Annual Report 2024', page: 12, draft: true };
  const test = (key: string, type: 'eq' | 'sw' | 'ew' | 'co', value: string | number | boolean) =>
    matchesFilter(chunk, { key, type, value });

  it('compares the whole text, its start, its end or any part of it', () => {
    assert.ok(test('title', 'eq', 'Annual Report 2024') && !test('title', 'eq', 'Annual Report'));
    assert.ok(test('title', 'sw', 'Annual') && !test('title', 'sw', 'Report'));
    assert.ok(test('title', 'ew', '2024') && !test('title', 'ew', 'Report'));
    assert.ok(test('title', 'co', 'al Rep') && !test('title', 'co', 'alRep'));
  });

  it('tells upper case from lower case', () => assert.equal(test('title', 'co', 'annual'), false));

  it('takes wildcards for what they are', () => assert.equal(test('title', 'eq', 'Annual*'), false));

  it('compares numbers and booleans by their text', () => {
    assert.ok(test('page', 'eq', '12') && test('page', 'eq', 12) && test('page', 'sw', 1));
    assert.ok(test('draft', 'eq', 'true') && test('draft', 'eq', true) && !test('draft', 'eq', 1));
  });

  it('finds nothing under a key that the chunk lacks, inherited ones included', () => {
    assert.equal(test('author', 'co', 'a'), false);
    assert.equal(test('constructor', 'co', 'Object'), false);
    assert.equal(matchesFilter(null, { key: 'title', type: 'co', value: 'a' }), false);
  });

  it('asks all comparisons for `and`, any for `or`', () => {
    const comparison = fc.constantFrom(
      { key: 'page', type: 'eq' as const, value: 12 },
      { key: 'page', type: 'eq' as const, value: 13 },
      { key: 'title', type: 'co' as const, value: 'Report' },
    );
    fc.assert(
      fc.property(fc.array(comparison, { minLength: 2, maxLength: 4 }), (filters) => {
        const each = filters.map((filter) => matchesFilter(chunk, filter));
        assert.equal(matchesFilter(chunk, { operator: 'and', filters }), !each.includes(false));
        assert.equal(matchesFilter(chunk, { operator: 'or', filters }), each.includes(true));
      }),
    );
  });
});
