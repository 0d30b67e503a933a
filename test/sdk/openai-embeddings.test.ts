import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { startTestApp, type TestApp } from '../helpers/app.ts';

const model = 'all-minilm-l6-v2';
const input = ['The weather is lovely today.', "It's so sunny outside!"];

describe('embeddings by the OpenAI client', () => {
  let app: TestApp;
  let client: OpenAI;

  before(async () => {
    app = await startTestApp();
    const { key } = await app.signUp();
    client = connect(key);
  });
  after(() => app.stop());

  function connect(apiKey: string): OpenAI {
    return new OpenAI({ baseURL: `${app.url}/v1`, apiKey, maxRetries: 0 });
  }

  it('come as numbers, which the client has sent for as base64', async () => {
    const { data, usage, ...rest } = await client.embeddings.create({ model, input });
    assert.deepEqual(
      data.map((item) => [item.object, item.index, item.embedding.length]),
      [
        ['embedding', 0, 384],
        ['embedding', 1, 384],
      ],
    );
    assert.equal(usage.prompt_tokens, 17);
    assert.equal(usage.total_tokens, 17);
    assert.deepEqual([rest.object, rest.model], ['list', model]);
  });

  it('are the same numbers in both encodings', async () => {
    const packed = await client.embeddings.create({ model, input });
    const plain = await client.embeddings.create({ model, input, encoding_format: 'float' });
    assert.deepEqual(
      packed.data.map((item) => item.embedding),
      plain.data.map((item) => item.embedding),
    );
  });

  it('are as long as asked', async () => {
    const { data } = await client.embeddings.create({ model, input: 'short', dimensions: 12, user: 'somebody' });
    assert.equal(data[0]?.embedding.length, 12);
  });

  it('of too many dimensions are refused with the name of the field', async () => {
    await assert.rejects(client.embeddings.create({ model, input, dimensions: 500 }), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.deepEqual(
        [error.param, error.code, error.type],
        ['dimensions', 'invalid_request', 'invalid_request_error'],
      );
      return true;
    });
  });

  it('of tokens are refused with a sentence', async () => {
    await assert.rejects(client.embeddings.create({ model, input: [1, 2, 3] }), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.equal(error.param, 'input');
      return /Send the text/.test(error.message);
    });
  });

  it('of no text are refused', async () => {
    for (const empty of ['', [], ['']]) {
      await assert.rejects(client.embeddings.create({ model, input: empty }), (error) => {
        assert.ok(error instanceof BadRequestError);
        return /Input must not be an empty object/.test(error.message);
      });
    }
  });

  it('of a model that is not there are a NotFoundError', async () => {
    await assert.rejects(client.embeddings.create({ model: 'gpt-9', input }), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.deepEqual([error.code, error.param], ['model_not_found', 'model']);
      return true;
    });
  });

  it('without a valid key are an AuthenticationError', async () => {
    await assert.rejects(connect('sk-wrong').embeddings.create({ model, input }), (error) => {
      assert.ok(error instanceof AuthenticationError);
      return error.code === 'invalid_api_key';
    });
  });
});
