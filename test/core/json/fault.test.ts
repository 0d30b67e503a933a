import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonFault } from '../../../src/core/json/fault.ts';

const faults: [text: string, offset: number, expected: string, found: string][] = [
  ['', 0, 'a value', 'the end of the body'],
  ['{"a":tru}', 5, 'a value', '"t"'],
  ['{"a":1,}', 7, 'a key', '"}"'],
  ['[1,]', 3, 'a value', '"]"'],
  ['[1 2]', 3, "',' or ']'", '"2"'],
  ['{"a" 1}', 5, "':'", '"1"'],
  ["{'a':1}", 1, "a key or '}'", '"\'"'],
  ['[01]', 2, "',' or ']'", '"1"'],
  ['[NaN]', 1, "a value or ']'", '"N"'],
  ['"abc', 4, 'the rest of a string', 'the end of the body'],
  ['"a\\x"', 2, 'the rest of a string', '"\\\\"'],
  ['"a\nb"', 2, 'the rest of a string', '"\\n"'],
  ['{} x', 3, 'the end', '"x"'],
  ['[1}', 2, "',' or ']'", '"}"'],
  ['{"a":1', 6, "',' or '}'", 'the end of the body'],
];

for (const [text, offset, expected, found] of faults) {
  test(`the fault of ${JSON.stringify(text)} is at ${offset}`, () => {
    const fault = findJsonFault(text);
    assert.deepEqual(
      { offset: fault?.offset, expected: fault?.expected, found: fault?.found },
      { offset, expected, found },
    );
  });
}

test('lines and columns count from one', () => {
  const fault = findJsonFault('{\n  "a": 1,\n  b: 2\n}');
  assert.deepEqual([fault?.line, fault?.column], [3, 3]);
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('finds a fault exactly where JSON.parse refuses', () => {
  const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '0', '\\', ' ', ':', '-', '.'));
  fc.assert(
    fc.property(cut, ([text, position, inserted]) => {
      const at = position % (text.length + 1);
      const mutated = text.slice(0, at) + inserted + text.slice(at + (position % 2));
      assert.equal(findJsonFault(mutated) === null, parses(mutated));
    }),
    { numRuns: 2_000 },
  );
});
