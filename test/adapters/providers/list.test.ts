import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { createHttp, type Http } from '../../../src/adapters/http/client.ts';
import { vendorFactories } from '../../../src/adapters/providers/registry.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { ListedModel } from '../../../src/core/models/managed-routers.ts';
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { defaultHttpSettings } from '../../helpers/http-settings.ts';

type Lister = Exclude<keyof typeof vendorFactories, 'local'>;

describe('the models that a vendor lists', () => {
  let http: Http;
  let upstream: FakeUpstream;
  before(async () => {
    http = createHttp(defaultHttpSettings);
    upstream = await startFakeUpstream();
  });
  afterEach(() => upstream.reset());
  after(async () => {
    await http.close();
    await upstream.close();
  });

  async function list(vendor: Lister, url = upstream.url): Promise<readonly ListedModel[]> {
    const local = { modelsDir: '/nowhere', threads: 1, idleTimeoutMs: 1 };
    const target = { modelName: '', url, namedBy: 'operator', key: 'the key' } as const;
    const listed = await vendorFactories[vendor]({ http, local, clock: Date }).list?.({
      target,
      signal: AbortSignal.timeout(10_000),
    });
    assert.ok(listed);
    return listed;
  }

  /** As `name type length`, which reads like a table. */
  const rows = (models: readonly ListedModel[]) =>
    models.map(({ name, type, maxContextLength }) => `${name} ${type} ${maxContextLength}`);

  const listOf = (...data: object[]) => jsonAnswer({ object: 'list', data });

  it('of OpenAI are told apart by their names', async () => {
    const names = [
      'gpt-4o-mini',
      'o3',
      'gpt-3.5-turbo',
      'ft:gpt-4o-mini:acme::1',
      'text-embedding-3-small',
      'whisper-1',
      'gpt-3.5-turbo-instruct',
      'tts-1',
      'dall-e-3',
      'gpt-image-1',
      'gpt-4o-realtime-preview',
      'omni-moderation-latest',
      'babbage-002',
    ];
    upstream.respond(listOf(...names.map((id) => ({ id })), { id: 'o3' }));
    assert.deepEqual(rows(await list('openai')), [
      'gpt-4o-mini image-text-to-text null',
      'o3 image-text-to-text null',
      'gpt-3.5-turbo text-generation null',
      'ft:gpt-4o-mini:acme::1 image-text-to-text null',
      'text-embedding-3-small text-embeddings-inference null',
      'whisper-1 automatic-speech-recognition null',
    ]);
    const [asked] = upstream.ledger;
    assert.deepEqual([asked?.path, asked?.headers.authorization], ['/v1/models', 'Bearer the key']);
  });

  it('of vLLM and Mistral have the length of their context', async () => {
    upstream.respond(
      listOf(
        { id: 'meta-llama/Llama-3.1-8B-Instruct', max_model_len: 8192 },
        { id: 'BAAI/bge-m3', max_model_len: 512 },
        { id: 'BAAI/bge-reranker-v2-m3', max_model_len: 512 },
      ),
    );
    assert.deepEqual(rows(await list('vllm')), [
      'meta-llama/Llama-3.1-8B-Instruct text-generation 8192',
      'BAAI/bge-m3 text-embeddings-inference 512',
      'BAAI/bge-reranker-v2-m3 text-classification 512',
    ]);
    upstream.respond(
      listOf(
        { id: 'mistral-small', max_context_length: 32_768, capabilities: { completion_chat: true, vision: true } },
        { id: 'codestral', max_context_length: 256_000, capabilities: { completion_chat: true, vision: false } },
        { id: 'mistral-embed', max_context_length: 8192, capabilities: { completion_chat: false } },
        { id: 'mistral-old', max_context_length: 8192, capabilities: { completion_chat: false } },
      ),
    );
    assert.deepEqual(rows(await list('mistral')), [
      'mistral-small image-text-to-text 32768',
      'codestral text-generation 256000',
      'mistral-embed text-embeddings-inference 8192',
    ]);
  });

  it('of Albert have the type that it says', async () => {
    upstream.respond(listOf({ id: 'openweight-small', type: 'image-text-to-text', max_context_length: 128_000 }));
    assert.deepEqual(rows(await list('albert')), ['openweight-small image-text-to-text 128000']);
  });

  it('of Azure are its deployments, by what they run', async () => {
    upstream.respond(
      listOf({ id: 'our-chat', model: 'gpt-4o' }, { id: 'our-vectors', model: 'text-embedding-3-large' }),
    );
    assert.deepEqual(rows(await list('azure', `${upstream.url}?api-version=2024-10-21`)), [
      'our-chat image-text-to-text null',
      'our-vectors text-embeddings-inference null',
    ]);
    const [asked] = upstream.ledger;
    assert.equal(asked?.path, '/openai/deployments?api-version=2023-03-15-preview');
    assert.equal(asked?.headers['api-key'], 'the key');
  });

  it('of Anthropic all see pictures', async () => {
    upstream.respond(listOf({ id: 'claude-haiku-4-5', max_input_tokens: 200_000 }, { id: 'claude-3-haiku' }));
    assert.deepEqual(rows(await list('anthropic')), [
      'claude-haiku-4-5 image-text-to-text 200000',
      'claude-3-haiku image-text-to-text null',
    ]);
    const [asked] = upstream.ledger;
    assert.deepEqual([asked?.path, asked?.headers['x-api-key']], ['/v1/models?limit=1000', 'the key']);
  });

  it('of Gemini are those that answer or embed', async () => {
    upstream.respond(
      jsonAnswer({
        models: [
          {
            name: 'models/gemini-2.5-flash',
            inputTokenLimit: 1_048_576,
            supportedGenerationMethods: ['generateContent', 'countTokens'],
          },
          { name: 'models/gemini-embedding-001', inputTokenLimit: 2048, supportedGenerationMethods: ['embedContent'] },
          { name: 'models/gemini-2.5-flash-image', supportedGenerationMethods: ['generateContent'] },
          { name: 'models/veo-3.0', supportedGenerationMethods: ['predictLongRunning'] },
        ],
      }),
    );
    assert.deepEqual(rows(await list('gemini')), [
      'gemini-2.5-flash image-text-to-text 1048576',
      'gemini-embedding-001 text-embeddings-inference 2048',
    ]);
    const [asked] = upstream.ledger;
    assert.deepEqual([asked?.path, asked?.headers['x-goog-api-key']], ['/v1beta/models?pageSize=1000', 'the key']);
  });

  it('of Ollama are each asked what they can', async () => {
    const shown: Record<string, object> = {
      'llama3:8b': { capabilities: ['completion', 'tools'], model_info: { 'llama.context_length': 8192 } },
      'llava:7b': { capabilities: ['completion', 'vision'], model_info: { 'llama.context_length': 4096 } },
      'nomic-embed-text': { capabilities: ['embedding'], model_info: { 'nomic-bert.context_length': 2048 } },
      'mxbai-embed-large': { model_info: {} },
    };
    upstream.respond(({ path, json }) =>
      path === '/api/tags'
        ? jsonAnswer({ models: Object.keys(shown).map((name) => ({ name })) })
        : jsonAnswer(shown[(json as { model: string }).model] ?? {}),
    );
    assert.deepEqual(rows(await list('ollama')), [
      'llama3:8b text-generation 8192',
      'llava:7b image-text-to-text 4096',
      'nomic-embed-text text-embeddings-inference 2048',
      'mxbai-embed-large text-embeddings-inference null',
    ]);
  });

  it('of Text Embeddings Inference is the one that it runs', async () => {
    upstream.respond(jsonAnswer({ model_id: 'BAAI/bge', model_type: { embedding: {} }, max_input_length: 512 }));
    assert.deepEqual(rows(await list('tei')), ['BAAI/bge text-embeddings-inference 512']);
    upstream.respond(jsonAnswer({ model_id: 'BAAI/rank', model_type: { reranker: {} } }));
    assert.deepEqual(rows(await list('tei')), ['BAAI/rank text-classification null']);
  });

  it('are never none because an answer could not be read', async () => {
    const listers = Object.keys(vendorFactories).filter((name) => name !== 'local') as Lister[];
    assert.ok(listers.length > 5);
    for (const vendor of listers) {
      for (const answer of [
        jsonAnswer({ odd: true }),
        jsonAnswer({ error: { message: 'no' } }, 401),
        jsonAnswer({}, 500),
      ]) {
        upstream.respond(answer);
        await assert.rejects(list(vendor), GatewayError, vendor);
      }
    }
  });
});
