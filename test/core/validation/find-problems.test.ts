import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { check } from '../../../src/core/validation/find-problems.ts';

function problemsOf(schema: z.ZodType, input: unknown): [path: string, message: string][] {
  const checked = check(schema, input, 'body');
  if (checked.ok) throw new Error('The input was accepted.');
  return checked.problems.map(({ path, message }) => [path, message]);
}

const text = z.string().min(1);

const cases: [name: string, schema: z.ZodType, input: unknown, expected: [string, string][]][] = [
  ['a missing field', z.object({ a: text }), {}, [['a', 'Required: expected a string.']]],
  ['a missing body', z.object({ a: text }), undefined, [['', 'Required: expected an object.']]],
  ['a wrong type', z.object({ a: text }), { a: 5 }, [['a', 'Expected a string, got 5.']]],
  ['an object for a string', z.object({ a: text }), { a: { $gt: '' } }, [['a', 'Expected a string, got an object.']]],
  ['a fraction', z.object({ a: z.int() }), { a: 1.5 }, [['a', 'Expected an integer, got 1.5.']]],
  ['too small a number', z.object({ a: z.int().min(1) }), { a: 0 }, [['a', 'Expected at least 1, got 0.']]],
  ['too large a number', z.object({ a: z.int().max(100) }), { a: 101 }, [['a', 'Expected at most 100, got 101.']]],
  ['an exclusive bound', z.object({ a: z.number().gt(0) }), { a: 0 }, [['a', 'Expected more than 0, got 0.']]],
  ['too short a text', z.object({ a: text }), { a: '' }, [['a', 'Expected at least 1 character, got 0.']]],
  [
    'too many items',
    z.object({ a: z.array(text).max(2) }),
    { a: ['a', 'b', 'c'] },
    [['a', 'Expected at most 2 items, got 3.']],
  ],
  ['an unknown choice', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, [['a', "Expected one of 'x', 'y', got 'z'."]]],
  ['another literal', z.object({ a: z.literal('x') }), { a: 'z' }, [['a', "Expected 'x', got 'z'."]]],
  ['a wrong format', z.object({ a: z.email() }), { a: 'me' }, [['a', "Expected a valid email, got 'me'."]]],
  ['a message of the schema', z.object({ a: z.string().refine(() => false, 'No.') }), { a: '' }, [['a', 'No.']]],
  [
    'unknown fields, each by its name',
    z.object({ a: z.strictObject({}) }),
    { a: { b: 1, c: 2 } },
    [
      ['a.b', "Unknown field 'b'."],
      ['a.c', "Unknown field 'c'."],
    ],
  ],
  [
    'places deep down',
    z.object({ a: z.array(z.object({ b: z.array(text) })) }),
    { a: [{ b: ['x'] }, { b: ['x', 5] }] },
    [['a[1].b[1]', 'Expected a string, got 5.']],
  ],
  [
    'a union of types',
    z.object({ a: z.union([text, z.array(text)]) }),
    { a: 5 },
    [['a', 'Expected a string or an array, got 5.']],
  ],
  [
    'the branch of a union whose type fits',
    z.object({ a: z.union([text, z.array(text)]) }),
    { a: ['x', ''] },
    [['a[1]', 'Expected at least 1 character, got 0.']],
  ],
  [
    'a discriminator',
    z.object({
      a: z.discriminatedUnion('type', [z.object({ type: z.literal('x') }), z.object({ type: z.literal('y') })]),
    }),
    { a: { type: 'z' } },
    [['a.type', "Expected one of 'x', 'y'."]],
  ],
  [
    'a key of a record',
    z.object({ a: z.record(z.string().max(2), text) }),
    { a: { abc: 'x' } },
    [['a.abc', 'Expected at most 2 characters, got 3.']],
  ],
];

for (const [name, schema, input, expected] of cases) {
  test(`${name} is reported with its place, what was expected and what came`, () => {
    assert.deepEqual(problemsOf(schema, input), expected);
  });
}

test('a long value is not quoted in full', () => {
  const [[, message] = []] = problemsOf(z.object({ a: z.enum(['x']) }), { a: 'y'.repeat(1_000) });
  assert.ok(message && message.length < 120, message);
});

test('no more than a hundred faults are listed', () => {
  assert.equal(problemsOf(z.array(text), Array(5_000).fill(1)).length, 100);
});

test('small inputs are shown beside the fault, large ones are not', () => {
  const shown = (input: unknown) => {
    const checked = check(z.string().max(5), input, 'query');
    return checked.ok ? [] : checked.problems.map((problem) => [problem.source, 'input' in problem]);
  };
  assert.deepEqual(shown('123456'), [['query', true]]);
  assert.deepEqual(shown('x'.repeat(257)), [['query', false]]);
  assert.deepEqual(shown({ a: 1 }), [['query', false]]);
});
