import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strictSchema } from '../../../../src/adapters/providers/anthropic/schema.ts';
import { GatewayError } from '../../../../src/core/errors.ts';

const strict = (schema: unknown) => strictSchema(schema, 'response_format.json_schema.schema');

describe('a schema that Claude keeps to', () => {
  it('has objects that are closed, at every depth', () => {
    const object = { type: 'object', properties: { inner: { type: 'object' } }, additionalProperties: true };
    assert.deepEqual(strict(object), {
      type: 'object',
      properties: { inner: { type: 'object', additionalProperties: false } },
      additionalProperties: false,
    });
  });

  it('tells in words what is not enforced, after the description', () => {
    const number = { type: 'number', description: 'Degrees', minimum: -90, maximum: 90 };
    assert.deepEqual(strict(number), { type: 'number', description: 'Degrees\n\n{minimum: -90, maximum: 90}' });
  });

  it('keeps the formats that are enforced', () => {
    assert.deepEqual(strict({ type: 'string', format: 'email' }), { type: 'string', format: 'email' });
    assert.deepEqual(strict({ type: 'string', format: 'iri' }), { type: 'string', description: '{format: "iri"}' });
  });

  it('keeps a least number of items of 0 and 1, and tells any other', () => {
    for (const minItems of [0, 1]) assert.deepEqual(strict({ type: 'array', minItems }), { type: 'array', minItems });
    assert.deepEqual(strict({ type: 'array', minItems: 2 }), { type: 'array', description: '{minItems: 2}' });
  });

  it('refers without further words', () => {
    assert.deepEqual(strict({ $ref: '#/$defs/a', description: 'An a' }), { $ref: '#/$defs/a' });
  });

  it('takes anything where anything is allowed', () => {
    assert.deepEqual(strict({ type: 'array', items: {}, allOf: [true] }), { type: 'array', items: {}, allOf: [{}] });
  });

  it('keeps a property whose name is that of a keyword', () => {
    const object = { type: 'object', properties: { minimum: { type: 'number' } } };
    assert.deepEqual(strict(object), { ...object, additionalProperties: false });
  });

  it('has no objects with arbitrary keys: they are refused', () => {
    const map = { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } };
    assert.throws(
      () => strict(map),
      (error) =>
        error instanceof GatewayError &&
        error.code === 'unsupported_value' &&
        error.param === 'response_format.json_schema.schema',
    );
  });
});
