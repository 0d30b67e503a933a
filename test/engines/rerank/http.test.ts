import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';

const query = 'who keeps the light?';
const texts = ['a moor', 'a lighthouse', 'a moor'];

/** What is equal for two calls on the same thing. */
function withoutId({ id: _id, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

describe('POST /v1/rerank', () => {
  let app: TestApp;
  let user: TestCaller;
  let upstream: FakeUpstream;
  before(async () => {
    upstream = await startFakeUpstream(({ path, json }) => {
      if (path === '/info') return jsonAnswer({ model_id: 'BAAI/rank', model_type: { reranker: {} } });
      const asked = json as { texts: string[] };
      const ranks = asked.texts.map((text, index) => ({ index, score: text === 'a lighthouse' ? 0.75 : 0 }));
      return jsonAnswer(ranks.toReversed(), 200, { 'x-compute-tokens': '12' });
    });
    app = await startTestApp({ workers: true });
    user = await app.signUp();
    const admin = await app.signUp('admin');
    const body = { name: 'rank', type: 'text-classification', cost_prompt_tokens: 1 };
    const { id: router } = await admin.json<{ id: number }>('POST', '/v1/admin/routers', { body });
    const provider = { router, type: 'tei', url: upstream.url, model_name: 'BAAI/rank' };
    await admin.json('POST', '/v1/admin/providers', { body: provider });
    upstream.reset();
  });
  afterEach(() => upstream.reset());
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  function ask(body: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return user.json('POST', '/v1/rerank', { body: { model: 'rank', query, ...body }, headers });
  }

  it('answers texts with scores and texts, the best first and equals as they came', async () => {
    const { model, results } = await ask({ texts });
    assert.equal(model, 'rank');
    assert.deepEqual(results, [
      { index: 1, score: 0.75, text: 'a lighthouse' },
      { index: 0, score: 0, text: 'a moor' },
      { index: 2, score: 0, text: 'a moor' },
    ]);
  });

  it('answers documents with relevance scores, and says what it cost', async () => {
    const { object, results, usage } = await ask({ documents: texts, top_n: 2, return_documents: true });
    assert.equal(object, 'list');
    assert.deepEqual(results, [
      { index: 1, relevance_score: 0.75, document: { text: 'a lighthouse' } },
      { index: 0, relevance_score: 0, document: { text: 'a moor' } },
    ]);
    const { prompt_tokens, cost, requests } = usage as Record<string, number>;
    assert.deepEqual([prompt_tokens, cost, requests], [12, 0.000012, 1]);
  });

  it('asks nobody to rank nothing', async () => {
    assert.deepEqual((await ask({ texts: [] }))['results'], []);
    assert.deepEqual((await ask({ documents: [] }))['results'], []);
    assert.deepEqual(upstream.ledger, []);
  });

  it('is for models that rank', async () => {
    const body = { model: 'all-minilm-l6-v2', query, documents: texts };
    for (const headers of [{}, { prefer: 'respond-async' }]) {
      const response = await user.request('POST', '/v1/rerank', { body, headers });
      assert.equal(response.status, 400);
      assert.match(await response.text(), /Wrong model type/);
    }
  });

  it('answers the same as a job', async () => {
    for (const body of [{ texts }, { documents: texts, top_n: 1 }]) {
      const inline = await ask(body);
      const asJob = await ask(body, { prefer: 'respond-async, wait=30' });
      assert.deepEqual(withoutId(asJob), withoutId(inline));
    }
  });
});
