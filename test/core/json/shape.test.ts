import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../src/core/errors.ts';
import { checkJsonShape } from '../../../src/core/json/shape.ts';

const limits = { maxJsonDepth: 64, maxJsonNodes: 100 };
const check = (text: string, changes: Partial<typeof limits> = {}) =>
  checkJsonShape(Buffer.from(text), { ...limits, ...changes });
const hasCode = (code: string) => (error: unknown) => error instanceof GatewayError && error.code === code;

test('nesting at the limit passes', () => {
  check('['.repeat(64) + ']'.repeat(64));
});

test('nesting one beyond the limit is refused', () => {
  assert.throws(() => check('['.repeat(65) + ']'.repeat(65)), hasCode('malformed_body'));
});

test('siblings do not add to the depth', () => {
  check(`[${Array(90).fill('[]').join(',')}]`, { maxJsonDepth: 2 });
});

test('as many values as the limit pass', () => {
  check(`[${Array(99).fill('1').join(',')}]`);
});

test('one value beyond the limit is refused', () => {
  assert.throws(() => check(`[${Array(100).fill('1').join(',')}]`), hasCode('body_too_large'));
});

test('brackets and commas inside strings do not count', () => {
  check(JSON.stringify({ text: '[[[,,,{{{"\\"\\\\,'.repeat(100) }), { maxJsonDepth: 1, maxJsonNodes: 2 });
});

test('text that never closes a string ends the scan', () => {
  check('{"a": "[[[[');
});

function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + count(child), 1);
}

test('the count is the number of values, however the text is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const nodes = count(JSON.parse(text));
      check(text, { maxJsonNodes: nodes });
      assert.throws(() => check(text, { maxJsonNodes: nodes - 1 }), hasCode('body_too_large'));
    }),
  );
});
