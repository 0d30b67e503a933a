import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RerankRequest, RerankResult } from '../../../src/core/models.ts';
import { rerank } from '../../../src/protocols/openai/rerank.ts';
import { maxDocuments, maxRerankBytes } from '../../../src/protocols/openai/rerank-input.ts';
import { nothingUsed } from '../../helpers/models.ts';

const parts = { params: undefined, query: undefined, files: {}, bytes: null };
const body = rerank.body;
assert.ok(body);
const asked = { model: 'm', query: 'q' };

function toCore(fields: object): RerankRequest {
  return rerank.toCore(body?.parse({ ...asked, ...fields }), parts) as RerankRequest;
}

/** The fields at fault. */
function refuses(fields: object): unknown[] {
  const result = body?.safeParse({ ...asked, ...fields });
  return [...new Set(result?.error?.issues.map((issue) => issue.path[0]))];
}

/** The last document is the best, and the first is worth nothing. */
const result: RerankResult = {
  id: 'req_1',
  model: 'alias',
  ranking: [
    { index: 1, score: 0.75 },
    { index: 0, score: 0 },
  ],
  ...nothingUsed,
};

function answer(fields: object): Record<string, unknown> {
  const wire = rerank.fromCore(result, body?.parse({ ...asked, ...fields }), parts);
  rerank.response?.parse(wire);
  return wire as Record<string, unknown>;
}

describe('POST /v1/rerank, the request', () => {
  it('takes documents under either name, as texts or as objects with a text', () => {
    const request = { model: 'm', query: 'q', documents: ['a', 'b'], topN: null };
    assert.deepEqual(toCore({ texts: ['a', 'b'] }), request);
    assert.deepEqual(toCore({ documents: ['a', 'b'] }), request);
    assert.deepEqual(toCore({ documents: ['a', { text: 'b', title: 't' }] }), request);
  });

  it('bounds the results by either name', () => {
    assert.equal(toCore({ texts: ['a'], limit: 3 }).topN, 3);
    assert.equal(toCore({ documents: ['a'], top_n: 3 }).topN, 3);
    assert.equal(toCore({ documents: ['a'], top_n: null }).topN, null);
    for (const top_n of [0, -1, 1.5, '1']) assert.deepEqual(refuses({ documents: ['a'], top_n }), ['top_n']);
  });

  it('wants one of the names, not both', () => {
    assert.deepEqual(refuses({}), ['documents']);
    assert.deepEqual(refuses({ documents: ['a'], texts: ['a'] }), ['texts']);
    assert.deepEqual(refuses({ documents: ['a'], top_n: 1, limit: 1 }), ['limit']);
  });

  it('takes no empty query and no empty document, but an empty list', () => {
    assert.deepEqual(refuses({ query: '', documents: ['a'] }), ['query']);
    for (const documents of [[''], [{ text: '' }], [{}], [1], 'a']) {
      assert.deepEqual(refuses({ documents }), ['documents'], JSON.stringify(documents));
    }
    assert.deepEqual(toCore({ texts: [] }).documents, []);
    assert.deepEqual(toCore({ documents: [] }).documents, []);
  });

  it('takes as many documents as allowed and not one more', () => {
    assert.equal(toCore({ documents: Array(maxDocuments).fill('a') }).documents.length, maxDocuments);
    assert.deepEqual(refuses({ documents: Array(maxDocuments + 1).fill('a') }), ['documents']);
    assert.deepEqual(refuses({ texts: Array(maxDocuments + 1).fill('a') }), ['texts']);
  });

  it('counts the limit of bytes as bytes, the query among them', () => {
    const most = 'é'.repeat(maxRerankBytes / 2 - 1);
    assert.equal(toCore({ query: 'qq', documents: [most] }).documents.length, 1);
    assert.deepEqual(refuses({ query: 'qqq', documents: [most] }), ['documents']);
    assert.deepEqual(refuses({ query: 'qqq', texts: [most] }), ['texts']);
  });

  it('refuses by name what it cannot honour', () => {
    const refused = {
      rank_fields: ['title'],
      max_chunks_per_doc: 10,
      max_tokens_per_doc: 100,
      raw_scores: true,
      return_embeddings: true,
    };
    for (const [field, value] of Object.entries(refused)) {
      assert.deepEqual(refuses({ documents: ['a'], [field]: value }), [field]);
      assert.deepEqual(refuses({ documents: ['a'], [field]: null }), [], field);
    }
    assert.deepEqual(refuses({ documents: ['a'], raw_scores: false, return_embeddings: false }), []);
  });
});

describe('POST /v1/rerank, the answer', () => {
  const usage = {
    prompt_tokens: 0,
    completion_tokens: 0,
    total_tokens: 0,
    cost: 0,
    carbon: { kWh: { min: 0, max: 0 }, kgCO2eq: { min: 0, max: 0 } },
    requests: 1,
  };

  it('has scores and texts for whoever sent texts', () => {
    const results = [
      { index: 1, score: 0.75, text: 'b' },
      { index: 0, score: 0, text: 'a' },
    ];
    assert.deepEqual(answer({ texts: ['a', 'b'] }), { model: 'alias', results, usage });
  });

  it('has places and relevance scores for whoever sent documents', () => {
    const results = [
      { index: 1, relevance_score: 0.75 },
      { index: 0, relevance_score: 0 },
    ];
    const expected = { object: 'list', id: 'req_1', results, model: 'alias', usage };
    assert.deepEqual(answer({ documents: ['a', 'b'] }), expected);
    assert.deepEqual(answer({ documents: ['a', 'b'], return_documents: false }), expected);
  });

  it('has the documents as they were sent when asked', () => {
    const documents = ['a', { text: 'b', title: 't' }];
    assert.deepEqual(answer({ documents, return_documents: true })['results'], [
      { index: 1, relevance_score: 0.75, document: { text: 'b', title: 't' } },
      { index: 0, relevance_score: 0, document: { text: 'a' } },
    ]);
  });
});
