import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EmbedRequest } from '../../../src/core/models.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { maxBytes, maxItems, maxTokens } from '../../../src/protocols/openai/embedding-input.ts';
import { createEmbeddings } from '../../../src/protocols/openai/embeddings.ts';
import { nothingUsed } from '../../helpers/models.ts';

const parts = { params: undefined, query: undefined, files: {}, bytes: null };
const body = createEmbeddings.body;
assert.ok(body);

/** The body through schema and translator, as the API runs them. */
function toCore(fields: object): EmbedRequest {
  return createEmbeddings.toCore(body?.parse({ model: 'm', ...fields }), parts) as EmbedRequest;
}

/** The fields at fault. */
function refuses(fields: object): unknown[] {
  const result = body?.safeParse({ model: 'm', ...fields });
  return [...new Set(result?.error?.issues.map((issue) => issue.path[0]))];
}

const result = {
  id: 'req_1',
  model: 'alias',
  vectors: [Float32Array.of(0.5, -0.25), Float32Array.of(1, 0)],
  usage: usageOf({ promptTokens: 9 }),
  bill: { ...nothingUsed.bill, costMicros: 1_500_000, requests: 2 },
};

describe('POST /v1/embeddings, the request', () => {
  it('takes one text or several', () => {
    assert.deepEqual(toCore({ input: 'a' }).texts, ['a']);
    assert.deepEqual(toCore({ input: ['a', ' b '] }).texts, ['a', ' b ']);
  });

  it('takes one text or several as tokens', () => {
    const one = toCore({ input: [1, 2] });
    assert.deepEqual([one.texts, one.tokens], [[], [[1, 2]]]);
    const several = toCore({ input: [[1], [2, 3]] });
    assert.deepEqual([several.texts, several.tokens], [[], [[1], [2, 3]]]);
    assert.equal(toCore({ input: 'a' }).tokens, undefined);
  });

  it('takes as many tokens as allowed and not one more', () => {
    const most = Array(maxTokens).fill(1);
    assert.equal(toCore({ input: most }).tokens?.[0]?.length, maxTokens);
    assert.equal(toCore({ input: [most] }).tokens?.[0]?.length, maxTokens);
    assert.deepEqual(refuses({ input: [...most, 1] }), ['input']);
    assert.deepEqual(refuses({ input: [[...most, 1]] }), ['input']);
    assert.deepEqual(refuses({ input: Array(maxItems + 1).fill([1]) }), ['input']);
  });

  it('refuses empty input in every form', () => {
    for (const input of ['', [], [''], [[]], ['a', '']]) assert.deepEqual(refuses({ input }), ['input']);
  });

  it('refuses mixed and foreign types', () => {
    for (const input of [['a', 1], [1, [2]], [1.5], [-1], { a: 1 }, null, 5, undefined]) {
      assert.deepEqual(refuses({ input }), ['input'], JSON.stringify(input));
    }
  });

  it('takes as many texts as allowed and not one more', () => {
    assert.equal(toCore({ input: Array(maxItems).fill('a') }).texts.length, maxItems);
    assert.deepEqual(refuses({ input: Array(maxItems + 1).fill('a') }), ['input']);
  });

  it('counts the limit of bytes as bytes', () => {
    assert.equal(toCore({ input: 'é'.repeat(maxBytes / 2) }).texts.length, 1);
    assert.deepEqual(refuses({ input: ['é'.repeat(maxBytes / 2), 'a'] }), ['input']);
  });

  it('passes dimensions on and refuses those below 1', () => {
    assert.equal(toCore({ input: 'a', dimensions: 7 }).dimensions, 7);
    assert.equal(toCore({ input: 'a', dimensions: null }).dimensions, null);
    assert.equal(toCore({ input: 'a' }).dimensions, null);
    for (const dimensions of [0, -1, 1.5, '7']) assert.deepEqual(refuses({ input: 'a', dimensions }), ['dimensions']);
  });

  it('knows two encodings', () => {
    for (const encoding_format of ['float', 'base64', null])
      assert.deepEqual(refuses({ input: 'a', encoding_format }), []);
    assert.deepEqual(refuses({ input: 'a', encoding_format: 'int8' }), ['encoding_format']);
  });

  it('tolerates fields it does not know', () => {
    assert.deepEqual(refuses({ input: 'a', input_type: 'query' }), []);
  });
});

describe('POST /v1/embeddings, the answer', () => {
  const answer = (fields: object) =>
    createEmbeddings.fromCore(result, body?.parse({ model: 'm', input: 'a', ...fields }), parts);

  it('has the documented shape, with the counts of S4', () => {
    const expected = {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -0.25] },
        { object: 'embedding', index: 1, embedding: [1, 0] },
      ],
      model: 'alias',
      usage: {
        prompt_tokens: 9,
        completion_tokens: 0,
        total_tokens: 9,
        cost: 1.5,
        carbon: { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } },
        requests: 2,
      },
      id: 'req_1',
    };
    assert.deepEqual(answer({}), expected);
    assert.deepEqual(createEmbeddings.response?.parse(answer({})), expected);
  });

  it('writes base64 of little-endian floats when asked', () => {
    const { data } = answer({ encoding_format: 'base64' }) as { data: { embedding: string }[] };
    const bytes = Buffer.from(data[0]?.embedding ?? '', 'base64');
    assert.deepEqual([bytes.length, bytes.readFloatLE(0), bytes.readFloatLE(4)], [8, 0.5, -0.25]);
  });
});
