import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';

describe('POST /v1/embeddings with tokens', () => {
  let app: TestApp;
  let user: TestCaller;
  let upstream: FakeUpstream;
  const asked = () => upstream.ledger.filter(({ path }) => path === '/v1/embeddings').map(({ json }) => json);

  before(async () => {
    upstream = await startFakeUpstream(({ path, json }) => {
      if (path === '/v1/models') return jsonAnswer({ data: [{ id: 'text-embedding-3-small' }, { id: 'bge' }] });
      const { input } = json as { input: string | unknown[] };
      const data = [input].flat().map((_text, index) => ({ index, embedding: [0.6, 0.8] }));
      return jsonAnswer({ data: data.toReversed(), usage: { prompt_tokens: 5, total_tokens: 5 } });
    });
    app = await startTestApp();
    user = await app.signUp();
    const admin = await app.signUp('admin');
    const type = 'text-embeddings-inference';
    for (const [name, vendors] of Object.entries({ mixed: ['vllm', 'openai'], other: ['vllm'] })) {
      const { id: router } = await admin.json<{ id: number }>('POST', '/v1/admin/routers', { body: { name, type } });
      for (const vendor of vendors) {
        const model_name = vendor === 'openai' ? 'text-embedding-3-small' : 'bge';
        const body = { router, type: vendor, url: upstream.url, model_name };
        await admin.json('POST', '/v1/admin/providers', { body });
      }
    }
    upstream.reset();
  });
  afterEach(() => upstream.reset());
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  it('gives them to those providers that read them as they were meant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const body = { model: 'mixed', input: [[1, 2, 3], [4]], encoding_format: 'float' };
      const answer = await user.json<{ data: unknown[]; usage: { prompt_tokens: number } }>('POST', '/v1/embeddings', {
        body,
      });
      assert.deepEqual(
        answer.data.map((item) => (item as { index: number }).index),
        [0, 1],
      );
      assert.equal(answer.usage.prompt_tokens, 5);
    }
    const expected = {
      model: 'text-embedding-3-small',
      input: [[1, 2, 3], [4]],
      encoding_format: 'float',
    };
    assert.deepEqual(asked(), Array(5).fill(expected));
  });

  it('refuses them, before any provider is asked, where they would be other words', async () => {
    for (const headers of [{}, { prefer: 'respond-async' }]) {
      const body = { model: 'other', input: [1, 2] };
      const response = await user.request('POST', '/v1/embeddings', { body, headers });
      const { error } = (await response.json()) as { error: { param: string; message: string } };
      assert.deepEqual([response.status, error.param], [400, 'input']);
      assert.match(error.message, /Send the text/);
    }
    assert.deepEqual(asked(), []);
  });
});
