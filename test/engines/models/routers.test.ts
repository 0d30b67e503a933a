import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';

interface Router {
  object?: string;
  id: number;
  name: string;
  user_id: number;
  type: string;
  aliases: string[];
  load_balancing_strategy: string;
  vector_size: number | null;
  max_context_length: number | null;
  cost_prompt_tokens: number;
  cost_completion_tokens: number;
  providers: number;
  created: number;
  updated: number;
}

describe('/v1/admin/routers', () => {
  let app: TestApp;
  let admin: TestCaller;
  before(async () => {
    app = await startTestApp();
    admin = await app.signUp('admin');
  });
  after(() => app.stop());

  let made = 0;
  function create(fields: object = {}): Promise<Router> {
    made += 1;
    const body = { name: `router-${made}`, type: 'text-generation', ...fields };
    return admin.json<Router>('POST', '/v1/admin/routers', { body });
  }

  async function refusal(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
    const response = await admin.request(method, path, body === undefined ? {} : { body });
    return [response.status, ((await response.json()) as { detail: unknown }).detail];
  }

  it('makes a router and shows it', async () => {
    const body = {
      name: '  priced ',
      type: 'text-embeddings-inference',
      aliases: ['priced-too', 'priced-too'],
      load_balancing_strategy: 'least_busy',
      cost_prompt_tokens: 0.15,
      cost_completion_tokens: 2.5,
      unknown: true,
    };
    const response = await admin.request('POST', '/v1/admin/routers', { body });
    assert.equal(response.status, 201);
    const router = (await response.json()) as Router;
    assert.deepEqual(router, {
      id: router.id,
      name: 'priced',
      type: 'text-embeddings-inference',
      aliases: ['priced-too'],
      load_balancing_strategy: 'least_busy',
      cost_prompt_tokens: 0.15,
      cost_completion_tokens: 2.5,
    });
    const shown = await admin.json<Router>('GET', `/v1/admin/routers/${router.id}`);
    const { created, updated } = shown;
    assert.ok(created > 1.7e9 && created === updated);
    assert.deepEqual(shown, {
      object: 'router',
      ...router,
      user_id: admin.userId,
      vector_size: null,
      max_context_length: null,
      providers: 0,
      created,
      updated,
    });
  });

  it('says that the master key, which owns nothing, made it', async () => {
    const response = await fetch(`${app.url}/v1/admin/routers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.masterKey}`, 'content-type': 'application/json' },
      body: '{"name": "of-the-master", "type": "text-generation"}',
    });
    const { id } = (await response.json()) as Router;
    assert.equal((await admin.json<Router>('GET', `/v1/admin/routers/${id}`)).user_id, 0);
  });

  it('has one name for one router, be it name or alias', async () => {
    await create({ name: 'taken', aliases: ['taken-alias'] });
    const attempt = (fields: object) => refusal('POST', '/v1/admin/routers', { type: 'text-generation', ...fields });
    assert.deepEqual(await attempt({ name: 'taken' }), [409, 'Router taken already exists.']);
    assert.deepEqual(await attempt({ name: 'taken-alias' }), [409, 'Router taken-alias already exists.']);
    assert.deepEqual(await attempt({ name: 'free', aliases: ['new', 'taken', 'taken-alias'] }), [
      409,
      "Following aliases already exist: 'taken, taken-alias'",
    ]);
    const { id } = await create();
    for (const change of [{ name: 'taken' }, { aliases: ['taken'] }, { name: 'taken-alias' }]) {
      const answer = await refusal('PATCH', `/v1/admin/routers/${id}`, change);
      assert.deepEqual(answer, [409, 'Name conflict with existing router or alias.']);
    }
  });

  it('gives the name to one of many that ask at once', async () => {
    const attempts = Array.from({ length: 6 }, () =>
      admin.request('POST', '/v1/admin/routers', { body: { name: 'contested', type: 'text-generation' } }),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [201, 409, 409, 409, 409, 409]);
  });

  it('lists page by page, in the order asked for', async () => {
    for (const name of ['list-c', 'list-a', 'list-b']) await create({ name });
    interface List {
      object: string;
      total: number;
      offset: number;
      limit: number;
      data: Router[];
    }
    const all = await admin.json<List>('GET', '/v1/admin/routers?limit=100&sort_by=name&sort_order=desc');
    const names = all.data.map(({ name }) => name);
    assert.deepEqual(names, [...names].sort().reverse());
    assert.equal(all.total, names.length);
    const page = await admin.json<List>('GET', '/v1/admin/routers?limit=2&offset=1&sort_by=name&sort_order=desc');
    assert.deepEqual(
      { ...page, data: page.data.map(({ name }) => name) },
      {
        object: 'list',
        total: names.length,
        offset: 1,
        limit: 2,
        data: names.slice(1, 3),
      },
    );
    const ids = (await admin.json<List>('GET', '/v1/admin/routers?limit=100')).data.map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => a - b),
    );
  });

  it('changes what is named and nothing else', async () => {
    const { id } = await create({ name: 'before', aliases: ['before-alias'], cost_prompt_tokens: 1 });
    const body = { name: 'after', aliases: ['after-alias'], type: null, cost_completion_tokens: 3 };
    const response = await admin.request('PATCH', `/v1/admin/routers/${id}`, { body });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    const shown = await admin.json<Router>('GET', `/v1/admin/routers/${id}`);
    assert.equal(shown.name, 'after');
    assert.deepEqual(shown.aliases, ['after-alias']);
    assert.equal(shown.type, 'text-generation');
    assert.equal(shown.cost_prompt_tokens, 1);
    assert.equal(shown.cost_completion_tokens, 3);
    assert.equal((await create({ name: 'before' })).name, 'before');
  });

  it('has no type that a provider of it does not fit', async () => {
    const { id } = await create({ type: 'text-embeddings-inference' });
    const provider = { router: id, type: 'local', model_name: 'all-MiniLM-L6-v2' };
    await admin.json('POST', '/v1/admin/providers', { body: provider });
    assert.deepEqual(await refusal('PATCH', `/v1/admin/routers/${id}`, { type: 'text-generation' }), [
      400,
      'Invalid model provider type local for text-generation router.',
    ]);
  });

  it('is open to those roles that every installation has, and to nobody once it is deleted', async () => {
    const { id, name } = await create({ type: 'text-embeddings-inference' });
    const body = { router: id, type: 'local', model_name: 'all-MiniLM-L6-v2' };
    const provider = await admin.json<{ id: number }>('POST', '/v1/admin/providers', { body });
    const user = await app.signUp();
    const call = () => user.request('POST', '/v1/embeddings', { body: { model: name, input: 'a harbour' } });
    assert.equal((await call()).status, 200);
    const limitsOf = async () => {
      const { limits } = await user.json<{ limits: { router: number }[] }>('GET', '/v1/me/info');
      return limits.filter(({ router }) => router === id);
    };
    assert.deepEqual(await limitsOf(), [{ router: id, type: 'rpm', value: null }]);

    const deleted = await admin.json<Router>('DELETE', `/v1/admin/routers/${id}`);
    assert.equal(deleted.object, 'router');
    assert.equal(deleted.name, name);
    assert.equal((await call()).status, 404);
    assert.deepEqual(await limitsOf(), []);
    assert.deepEqual(await refusal('GET', `/v1/admin/providers/${provider.id}`), [404, 'Model provider not found.']);
  });

  it('keeps what the installation comes with, also when it has been changed', async () => {
    await admin.json('PATCH', '/v1/admin/routers/1', { body: { cost_prompt_tokens: 1 } });
    assert.equal((await admin.json<Router>('GET', '/v1/admin/routers/1')).cost_prompt_tokens, 1);
    assert.deepEqual(await refusal('DELETE', '/v1/admin/routers/1'), [
      409,
      'The router all-minilm-l6-v2 comes from the installation, which would bring it back.',
    ]);
  });

  it('answers 404 for what is not there', async () => {
    assert.deepEqual(await refusal('GET', '/v1/admin/routers/9999'), [404, 'Model router 9999 not found.']);
    assert.deepEqual(await refusal('DELETE', '/v1/admin/routers/9999'), [404, 'Model router 9999 not found.']);
    assert.deepEqual(await refusal('PATCH', '/v1/admin/routers/9999', {}), [404, 'Model router not found.']);
  });

  it('names the field at fault', async () => {
    const faults: [object, string][] = [
      [{ name: ' ' }, 'name'],
      [{ type: 'chat' }, 'type'],
      [{ aliases: ['a'.repeat(65)] }, 'aliases'],
      [{ aliases: [''] }, 'aliases'],
      [{ load_balancing_strategy: 'best' }, 'load_balancing_strategy'],
      [{ cost_prompt_tokens: -1 }, 'cost_prompt_tokens'],
    ];
    for (const [fault, field] of faults) {
      const body = { name: 'never', type: 'text-generation', ...fault };
      const [status, detail] = await refusal('POST', '/v1/admin/routers', body);
      assert.equal(status, 422);
      assert.equal((detail as { loc: string[] }[])[0]?.loc[1], field);
    }
    assert.equal((await create({ aliases: ['a'.repeat(64)] })).aliases.length, 1);
  });
});
