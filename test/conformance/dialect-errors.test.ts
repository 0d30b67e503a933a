import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectOf } from '../../src/api/dialect-of.ts';
import { renderProblem } from '../../src/api/problem-json.ts';
import { type ErrorCode, errorTable, GatewayError } from '../../src/core/errors.ts';
import { dialects } from '../../src/protocols/index.ts';

const codes = Object.keys(errorTable) as ErrorCode[];
const renderers = [
  ...dialects.map(({ name, renderError }) => ({ name, renderError })),
  { name: 'problem+json', renderError: renderProblem },
];

/** Statuses under which a dialect reports a code, where they are not those of the table. */
const otherStatuses: Record<string, Partial<Record<ErrorCode, number>>> = {
  // FastAPI's status for faults of fields, which S4's clients look for.
  opengate: { invalid_request: 422 },
};

function errorOf(code: ErrorCode): GatewayError {
  return new GatewayError(code, 'Expected a number, got a word.', {
    param: 'items[2].size',
    cause: new Error('secret of the inside'),
    problems: [{ path: 'items[2].size', message: 'Expected a number, got a word.', rule: 'invalid_type' }],
  });
}

for (const { name, renderError } of renderers) {
  for (const code of codes) {
    test(`${name} renders ${code} with its status, the message and nothing from inside`, () => {
      const { status, headers, body } = renderError(errorOf(code), 'req_1');
      const text = JSON.stringify(body);
      assert.equal(status, otherStatuses[name]?.[code] ?? errorTable[code].status);
      assert.ok(text.includes('Expected a number, got a word.'));
      assert.ok(!text.includes('secret of the inside'));
      assert.ok(Object.values(headers).every((value) => !value.includes('secret')));
    });
  }

  test(`${name} renders an error that names no field`, () => {
    const { body } = renderError(new GatewayError('invalid_request', 'Send less.'), 'req_1');
    assert.ok(JSON.stringify(body).includes('Send less.'));
  });
}

test('the jobs dialect has all four keys of OpenAI, every fault and the request id', () => {
  const jobs = dialects.find(({ name }) => name === 'jobs');
  assert.deepEqual(jobs?.renderError(errorOf('invalid_request'), 'req_1').body, {
    error: {
      message: 'Expected a number, got a word.',
      type: 'invalid_request_error',
      param: 'items[2].size',
      code: 'invalid_request',
    },
    errors: [{ source: 'body', param: 'items[2].size', message: 'Expected a number, got a word.' }],
    request_id: 'req_1',
  });
});

test('the jobs dialect lists at most twenty faults', () => {
  const problems = Array.from({ length: 30 }, (_, index) => ({ path: `a[${index}]`, message: 'No.' }));
  const jobs = dialects.find(({ name }) => name === 'jobs');
  const body = jobs?.renderError(new GatewayError('invalid_request', 'No.', { problems }), 'req_1').body;
  assert.equal((body as { errors: unknown[] }).errors.length, 20);
});

test('the first dialect that owns a path is the one that declares it', () => {
  for (const dialect of dialects) {
    for (const { path } of dialect.endpoints) assert.equal(dialectOf(path, dialects).name, dialect.name, path);
  }
});
