import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, errorTable, GatewayError } from '../../../src/core/errors.ts';
import { renderError } from '../../../src/protocols/opengate/errors.ts';

describe('errors of the opengate dialect', () => {
  it('are one sentence under `detail`, with the status of their code', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const { status, body } = renderError(new GatewayError(code, 'A sentence.'));
      assert.equal(status, code === 'invalid_request' ? 422 : errorTable[code].status, code);
      assert.deepEqual(body, { detail: 'A sentence.' }, code);
    }
  });

  it('list every fault of an invalid request with its place', () => {
    const problems = [
      { path: 'chunks[2].content', message: 'Expected a string.', rule: 'invalid_type', input: 5 },
      { path: 'limit', source: 'query' as const, message: 'Expected at most 100.', rule: 'too_big', input: '101' },
      { path: '', message: 'Expected an object.' },
    ];
    const { status, body } = renderError(new GatewayError('invalid_request', 'First.', { problems }));
    assert.equal(status, 422);
    assert.deepEqual(body, {
      detail: [
        { loc: ['body', 'chunks', 2, 'content'], msg: 'Expected a string.', type: 'invalid_type', input: 5, ctx: {} },
        { loc: ['query', 'limit'], msg: 'Expected at most 100.', type: 'too_big', input: '101', ctx: {} },
        { loc: ['body'], msg: 'Expected an object.', type: 'value_error', input: null, ctx: {} },
      ],
    });
  });

  it('name the field of a fault that a verb found', () => {
    const { body } = renderError(new GatewayError('invalid_request', 'Wrong model type.', { param: 'model' }));
    assert.deepEqual(body, {
      detail: [{ loc: ['body', 'model'], msg: 'Wrong model type.', type: 'value_error', input: null, ctx: {} }],
    });
  });

  it('never show the cause', () => {
    const error = new GatewayError('internal_error', 'An unexpected error occurred.', { cause: new Error('secret') });
    assert.ok(!JSON.stringify(renderError(error)).includes('secret'));
  });
});
