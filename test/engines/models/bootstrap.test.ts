import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createVerbs } from '../../../src/activities/index.ts';
import { createSecrets } from '../../../src/adapters/secrets/seal.ts';
import type { Config, ConfigInput } from '../../../src/config.ts';
import { parseConfig } from '../../../src/config.ts';
import { system } from '../../../src/core/access.ts';
import type { ModelRouter } from '../../../src/core/models.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { type FakeUpstream, jsonAnswer, refusingUrl, startFakeUpstream } from '../../helpers/fake-upstream.ts';

describe('models of the configuration', () => {
  let app: TestApp;
  let upstream: FakeUpstream;
  before(async () => {
    app = await startTestApp();
    upstream = await startFakeUpstream();
  });
  after(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => lists('gpt-4o', 'text-embedding-3-small'));
  afterEach(async () => {
    upstream.reset();
    for (const { id } of await app.deps.routers.list()) if (id !== 1) await app.deps.routers.remove(id);
  });

  /** The upstream has these models; those that embed do it in three numbers. */
  function lists(...ids: string[]): void {
    upstream.respond(({ path }) =>
      path === '/v1/models'
        ? jsonAnswer({ object: 'list', data: ids.map((id) => ({ id })) })
        : jsonAnswer({ data: [{ index: 0, embedding: [0.6, 0.8, 0] }], usage: { prompt_tokens: 2 } }),
    );
  }

  const openai = () => ({ type: 'openai' as const, url: upstream.url, key: 'sk-1', source: 'OPENAI_API_KEY' });

  /** As a process with that configuration does at its start. */
  function refresh(input: Pick<ConfigInput, 'routers' | 'vendors'>): Promise<{ complete: boolean }> {
    const config: Config = { ...app.deps.config, ...pick(parseConfig(input)) };
    const verbs = createVerbs({ ...app.deps, config });
    return verbs.refreshModels({}, buildCall({ principal: system }));
  }

  function pick({ routers, vendors }: Config): Pick<Config, 'routers' | 'vendors'> {
    return { routers, vendors };
  }

  /** All but what every installation has. */
  async function routers(): Promise<ModelRouter[]> {
    return (await app.deps.routers.list()).filter(({ id }) => id !== 1);
  }

  async function routerNamed(name: string): Promise<ModelRouter> {
    const found = (await routers()).find((router) => router.name === name);
    assert.ok(found, `there is no router ${name}`);
    return found;
  }

  describe('of a vendor with a key', () => {
    it('are those that the vendor lists, for every user at once', async () => {
      assert.deepEqual(await refresh({ vendors: [openai()] }), { complete: true });
      const [chat, embeddings, ...others] = await routers();
      assert.deepEqual(others, []);
      assert.deepEqual([chat?.name, chat?.type, chat?.aliases], ['gpt-4o', 'image-text-to-text', ['openai/gpt-4o']]);
      assert.equal(embeddings?.vectorSize, 3);
      for (const router of [chat, embeddings]) {
        assert.deepEqual([router?.managedBy, router?.ownerId], ['OPENAI_API_KEY', null]);
        const [provider] = router?.providers ?? [];
        assert.deepEqual(
          [provider?.vendor, provider?.url, provider?.modelName],
          ['openai', upstream.url, router?.name],
        );
        assert.equal(app.deps.secrets.open(provider?.sealedKey ?? ''), 'sk-1');
      }
      const user = await app.signUp();
      const answer = await user.json<{ data: { embedding: number[] }[] }>('POST', '/v1/embeddings', {
        body: { model: 'openai/text-embedding-3-small', input: 'a harbour', encoding_format: 'float' },
      });
      assert.equal(answer.data[0]?.embedding.length, 3);
    });

    it('are left alone by the next start when nothing has changed', async () => {
      await refresh({ vendors: [openai()] });
      const before = await routers();
      await refresh({ vendors: [openai()] });
      assert.deepEqual(await routers(), before);
    });

    it('are told of at the start when their keys can no longer be read, and get them anew', async () => {
      await refresh({ vendors: [openai()] });
      const secrets = createSecrets({ current: 'another secret of the tests', old: [] });
      const errors: object[] = [];
      const log = { ...buildCall().log, error: (fields: object) => errors.push(fields) };
      const config = { ...app.deps.config, ...pick(parseConfig({ vendors: [openai()] })) };
      const verbs = createVerbs({ ...app.deps, config, secrets });
      await verbs.refreshModels({}, buildCall({ principal: system, log }));
      const providers = (await routers()).flatMap((router) => router.providers);
      assert.deepEqual(errors, [{ providers: providers.map(({ id }) => id) }]);
      for (const { sealedKey } of providers) assert.equal(secrets.open(sealedKey ?? ''), 'sk-1');
    });

    it('come and go with the list, and keep their ids', async () => {
      await refresh({ vendors: [openai()] });
      const before = await routerNamed('gpt-4o');
      lists('gpt-4o', 'o3');
      await refresh({ vendors: [openai()] });
      assert.deepEqual((await routers()).map(({ name }) => name).sort(), ['gpt-4o', 'o3']);
      assert.deepEqual(await routerNamed('gpt-4o'), before);
    });

    it('get the new key when it has changed', async () => {
      await refresh({ vendors: [openai()] });
      const before = await routerNamed('gpt-4o');
      await refresh({ vendors: [{ ...openai(), key: 'sk-2' }] });
      const [provider] = (await routerNamed('gpt-4o')).providers;
      assert.equal(app.deps.secrets.open(provider?.sealedKey ?? ''), 'sk-2');
      assert.equal(provider?.id, before.providers[0]?.id);
    });

    it('are what was known before while the vendor cannot be asked', async () => {
      await refresh({ vendors: [openai()] });
      const before = await routers();
      for (const script of [jsonAnswer({}, 500), jsonAnswer({ error: 'bad key' }, 401), jsonAnswer({ odd: true })]) {
        upstream.respond(script);
        assert.deepEqual(await refresh({ vendors: [openai()] }), { complete: false });
        assert.deepEqual(await routers(), before);
      }
    });

    it('do not keep other models from being made when one vendor is away', async () => {
      const away = { type: 'vllm' as const, url: await refusingUrl(), source: 'VLLM_URL' };
      assert.deepEqual(await refresh({ vendors: [away, openai()] }), { complete: false });
      assert.equal((await routers()).length, 2);
    });

    it('are gone when the key is', async () => {
      await refresh({ vendors: [openai()] });
      const { id } = await routerNamed('gpt-4o');
      await refresh({});
      assert.deepEqual(await routers(), []);
      const { limits } = await (await app.signUp()).json<{ limits: { router: number }[] }>('GET', '/v1/me/info');
      assert.ok(!limits.some(({ router }) => router === id));
    });

    it('are called by their vendor too where several have the same name', async () => {
      const vllm = { type: 'vllm' as const, url: upstream.url, source: 'VLLM_URL' };
      lists('gpt-4o');
      await refresh({ vendors: [openai(), vllm] });
      assert.deepEqual((await routers()).map(({ name, managedBy }) => [name, managedBy]).sort(), [
        ['gpt-4o', 'OPENAI_API_KEY'],
        ['vllm/gpt-4o', 'VLLM_URL'],
      ]);
    });

    it('are there once when two processes start together', async () => {
      await Promise.all([1, 2, 3].map(() => refresh({ vendors: [openai()] })));
      const all = await routers();
      assert.deepEqual(all.map(({ name }) => name).sort(), ['gpt-4o', 'text-embedding-3-small']);
      assert.ok(all.every(({ providers }) => providers.length === 1));
      const { limits } = await (await app.signUp()).json<{ limits: { router: number }[] }>('GET', '/v1/me/info');
      assert.deepEqual(limits.map(({ router }) => router).sort(), [1, ...all.map(({ id }) => id)].sort());
    });
  });

  describe('that the file names', () => {
    const named = (fields: object = {}) => ({
      name: 'assistant',
      type: 'text-generation' as const,
      aliases: ['default'],
      prices: { prompt: 0.5, completion: 2 },
      providers: [
        { type: 'openai' as const, url: upstream.url, key: 'sk-1', model: 'gpt-4o' },
        { type: 'vllm' as const, url: upstream.url, model: 'text-embedding-3-small' },
      ],
      ...fields,
    });

    it('have its providers, prices and names', async () => {
      assert.deepEqual(await refresh({ routers: [named()] }), { complete: true });
      const router = await routerNamed('assistant');
      const { aliases, promptPriceMicros, completionPriceMicros, managedBy } = router;
      assert.deepEqual(
        { aliases, promptPriceMicros, completionPriceMicros, managedBy },
        {
          aliases: ['default'],
          promptPriceMicros: 500_000,
          completionPriceMicros: 2_000_000,
          managedBy: 'switchyard.yaml',
        },
      );
      assert.deepEqual(
        router.providers.map(({ vendor, modelName, routerId }) => [vendor, modelName, routerId]),
        [
          ['openai', 'gpt-4o', router.id],
          ['vllm', 'text-embedding-3-small', router.id],
        ],
      );
    });

    it('follow the file, with the ids they had', async () => {
      await refresh({ routers: [named()] });
      const before = await routerNamed('assistant');
      const [first] = named().providers;
      await refresh({ routers: [named({ aliases: [], providers: [{ ...first, timeoutMs: 5_000 }] })] });
      const after = await routerNamed('assistant');
      assert.equal(after.id, before.id);
      assert.deepEqual(after.aliases, []);
      assert.deepEqual(
        after.providers.map(({ id, timeoutMs }) => [id, timeoutMs]),
        [[before.providers[0]?.id, 5_000]],
      );
    });

    it('are made while a provider is away, which is asked again later', async () => {
      const providers = [{ type: 'vllm' as const, url: await refusingUrl(), model: 'llama' }];
      assert.deepEqual(await refresh({ routers: [named({ providers })] }), { complete: false });
      assert.equal((await routerNamed('assistant')).providers.length, 1);
    });

    it('come before what a vendor lists under the same name', async () => {
      await refresh({ vendors: [openai()] });
      const { id } = await routerNamed('gpt-4o');
      await refresh({ routers: [named({ name: 'gpt-4o', aliases: [] })], vendors: [openai()] });
      const router = await routerNamed('gpt-4o');
      assert.deepEqual([router.id, router.managedBy, router.providers.length], [id, 'switchyard.yaml', 2]);
      assert.equal((await routerNamed('openai/gpt-4o')).managedBy, 'OPENAI_API_KEY');
    });

    it('leave out a provider whose vectors differ from those of the first', async () => {
      upstream.respond(({ path, json }) => {
        if (path === '/v1/models') return jsonAnswer({ data: [{ id: 'short' }, { id: 'long' }] });
        const { model } = json as { model: string };
        return jsonAnswer({ data: [{ index: 0, embedding: model === 'long' ? [0, 0, 1] : [0, 1] }] });
      });
      const providers = ['short', 'long'].map((model) => ({ type: 'vllm' as const, url: upstream.url, model }));
      await refresh({ routers: [named({ type: 'text-embeddings-inference', providers })] });
      const router = await routerNamed('assistant');
      assert.equal(router.vectorSize, 2);
      assert.deepEqual(
        router.providers.map(({ modelName }) => modelName),
        ['short'],
      );
    });
  });

  describe('beside what an administrator makes', () => {
    let admin: TestCaller;
    before(async () => {
      admin = await app.signUp('admin');
    });

    it('never take a name that is in use', async () => {
      const body = { name: 'gpt-4o', type: 'text-generation' };
      const { id } = await admin.json<{ id: number }>('POST', '/v1/admin/routers', { body });
      const before = await app.deps.routers.find(id);
      await refresh({ vendors: [openai()] });
      assert.deepEqual(await app.deps.routers.find(id), before);
      assert.equal((await routerNamed('openai/gpt-4o')).managedBy, 'OPENAI_API_KEY');
      await refresh({});
      assert.deepEqual(await app.deps.routers.find(id), before);
    });

    it('belong to the administrator once they have been changed', async () => {
      await refresh({ vendors: [openai()] });
      const { id } = await routerNamed('gpt-4o');
      await admin.json('PATCH', `/v1/admin/routers/${id}`, { body: { cost_prompt_tokens: 2.5 } });
      const changed = await app.deps.routers.find(id);
      assert.deepEqual([changed?.managedBy, changed?.promptPriceMicros], [null, 2_500_000]);
      await refresh({ vendors: [{ ...openai(), key: 'sk-2' }] });
      assert.deepEqual(await app.deps.routers.find(id), changed);
      assert.deepEqual((await routers()).map(({ name }) => name).sort(), ['gpt-4o', 'text-embedding-3-small']);
    });

    it('are not deleted through the API, since the next start would bring them back', async () => {
      await refresh({ vendors: [openai()] });
      const { id } = await routerNamed('gpt-4o');
      const response = await admin.request('DELETE', `/v1/admin/routers/${id}`);
      assert.equal(response.status, 409);
      assert.match(await response.text(), /comes from OPENAI_API_KEY/);
    });
  });
});
