import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import { parseJson } from '../../../src/core/json/parse.ts';

const parse = (body: string | Buffer) => parseJson(Buffer.from(body), { maxJsonDepth: 64, maxJsonNodes: 1_000 });
const refusal = (body: string | Buffer): GatewayError => {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('The body was accepted.');
};

test('a body is what JSON.parse makes of it', () => {
  assert.deepEqual(parse('{"a":[1,"é",null]}'), { a: [1, 'é', null] });
});

test('of duplicate keys the last one counts', () => {
  assert.deepEqual(parse('{"a":1,"a":2}'), { a: 2 });
});

test('a malformed body is refused with the place of its fault', () => {
  const error = refusal('{\n "a": 1\n "b": 2}');
  assert.equal(error.code, 'malformed_body');
  assert.match(error.publicMessage, /line 3, column 2 \(position 11\): expected ',' or '}', got "\\""/);
});

test('invalid UTF-8 is refused', () => {
  assert.equal(refusal(Buffer.from([0x22, 0xff, 0x22])).code, 'malformed_body');
});

test('an overlong encoding is refused', () => {
  assert.equal(refusal(Buffer.from([0x22, 0xc0, 0xaf, 0x22])).code, 'malformed_body');
});

test('NaN is refused', () => {
  assert.equal(refusal('[NaN]').code, 'malformed_body');
});

test('the largest double is accepted', () => {
  assert.equal(parse('1.7976931348623157e308'), Number.MAX_VALUE);
});

for (const number of ['1e999', '-1e999']) {
  test(`${number} is refused, not made infinite`, () => {
    assert.match(refusal(`{"a":[${number}]}`).publicMessage, /too large/);
  });
}

for (const key of ['__proto__', '\\u005f_proto__']) {
  test(`a key written ${key} is refused wherever it stands`, () => {
    assert.match(refusal(`{"a":[{"${key}":{"admin":true}}]}`).publicMessage, /__proto__/);
  });
}

test('__proto__ as text is just text', () => {
  assert.deepEqual(parse('{"question":"What is __proto__?"}'), { question: 'What is __proto__?' });
});
