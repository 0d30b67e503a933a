import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxCustomIdLength } from '../../src/core/batch.ts';
import { readBatchLine } from '../../src/core/batch-line.ts';

const target = '/v1/embeddings';
const limits = { maxJsonDepth: 64, maxJsonNodes: 1_000 };
const good = { custom_id: 'a', method: 'POST', url: target, body: { model: 'm', input: 'text' } };

const read = (line: unknown) => readBatchLine(new TextEncoder().encode(JSON.stringify(line)), target, limits);
const faultOf = (line: unknown) => {
  const result = read(line);
  return 'fault' in result ? [result.fault.code, result.fault.param] : 'none';
};

describe('a line of a batch', () => {
  it('is its custom id and its body, whatever the body says', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: maxCustomIdLength }),
        fc.dictionary(
          fc.string().filter((key) => !['stream', 'background', '__proto__'].includes(key)),
          fc.jsonValue({ maxDepth: 3 }),
        ),
        (customId, body) => {
          const kept = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
          const result = readBatchLine(
            new TextEncoder().encode(JSON.stringify({ ...good, custom_id: customId, body })),
            target,
            { ...limits, maxJsonNodes: 100_000 },
          );
          if (!JSON.stringify(body).includes('__proto__')) {
            assert.deepEqual(result, { line: { customId, body: kept } });
          }
        },
      ),
    );
  });

  it('never throws, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = readBatchLine(bytes, target, limits);
        assert.ok('fault' in result && result.fault.code === 'invalid_json_line');
      }),
    );
  });

  for (const field of ['custom_id', 'method', 'url', 'body']) {
    it(`needs ${field}`, () => {
      const { [field]: _left, ...line } = good as Record<string, unknown>;
      assert.deepEqual(faultOf(line), ['missing_required_parameter', field]);
    });
  }

  const wrong: [what: string, line: unknown, fault: unknown][] = [
    ['no object', [], ['invalid_json_line', null]],
    ['a number', 7, ['invalid_json_line', null]],
    ['another method', { ...good, method: 'GET' }, ['invalid_method', 'method']],
    ['the url of another endpoint', { ...good, url: '/v1/chat/completions' }, ['mismatched_url', 'url']],
    ['a body that is a list', { ...good, body: [] }, ['invalid_body', 'body']],
    ['a stream', { ...good, body: { stream: true } }, ['invalid_request', 'body.stream']],
    ['work in the background', { ...good, body: { background: true } }, ['invalid_request', 'body.background']],
    ['no custom id in it', { ...good, custom_id: '' }, ['invalid_custom_id', 'custom_id']],
  ];
  for (const [what, line, fault] of wrong) {
    it(`is refused with ${what}`, () => assert.deepEqual(faultOf(line), fault));
  }

  it('may say that it wants no stream', () => {
    assert.equal(faultOf({ ...good, body: { stream: false } }), 'none');
  });

  it('has a custom id of at most so many characters', () => {
    assert.equal(faultOf({ ...good, custom_id: 'a'.repeat(maxCustomIdLength) }), 'none');
    assert.deepEqual(faultOf({ ...good, custom_id: 'a'.repeat(maxCustomIdLength + 1) }), [
      'invalid_custom_id',
      'custom_id',
    ]);
  });

  it('is not nested deeper than any other request', () => {
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    assert.equal(faultOf({ ...good, body: { deep: nested(62) } }), 'none');
    assert.deepEqual(faultOf({ ...good, body: { deep: nested(63) } }), ['invalid_json_line', null]);
  });
});
