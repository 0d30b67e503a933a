import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Operation } from '../../../src/core/endpoint.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type RawRequest, validateRequest } from '../../../src/core/validation/validate-request.ts';

const operation: Operation = {
  method: 'POST',
  path: '/things/:id',
  permission: 'use',
  summary: 'A thing',
  tag: 'Things',
  params: z.object({ id: z.coerce.number().int() }),
  query: z.strictObject({ limit: z.coerce.number().max(5).default(3) }),
  body: z.object({ name: z.string() }),
  files: { file: { required: true, description: 'A file.' } },
  response: null,
};
const blob = { id: 'b', bytes: 1, sha256: '', mediaType: 'text/plain', name: null };
const raw: RawRequest = { params: { id: '4' }, query: {}, body: { name: 'a' }, files: { file: blob }, bytes: null };

test('a sound request comes out as the schemas make it', () => {
  assert.deepEqual(validateRequest(operation, raw), {
    params: { id: 4 },
    query: { limit: 3 },
    body: { name: 'a' },
    files: { file: blob },
    bytes: null,
  });
});

test('the faults of all parts are listed at once, and the first one is the message', () => {
  const broken = {
    params: { id: 'x' },
    query: { limit: '9', page: '1' },
    body: {},
    files: { picture: blob },
    bytes: null,
  };
  assert.throws(
    () => validateRequest(operation, broken),
    (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, 'invalid_request');
      assert.equal(error.param, 'id');
      assert.match(error.publicMessage, /^id: Expected a number/);
      assert.deepEqual(
        error.problems.map(({ source, path }) => [source, path]),
        [
          ['path', 'id'],
          ['query', 'limit'],
          ['query', 'page'],
          ['body', 'name'],
          ['body', 'file'],
          ['body', 'picture'],
        ],
      );
      return true;
    },
  );
});

test('a part that nothing is declared for is left out', () => {
  const { body: _body, query: _query, files: _files, ...bare } = operation;
  assert.deepEqual(validateRequest(bare, { ...raw, query: { a: '1' }, files: {} }), {
    params: { id: 4 },
    query: undefined,
    body: undefined,
    files: {},
    bytes: null,
  });
});
