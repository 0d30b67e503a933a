import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { type FakeUpstream, jsonAnswer, refusingUrl, startFakeUpstream } from '../../helpers/fake-upstream.ts';

interface Provider {
  object?: string;
  id: number;
  router_id: number;
  url: string | null;
  key: null;
  model_name: string;
  timeout: number;
  qos_metric: string | null;
  qos_limit: number | null;
}

const key = 'sk-the-key-of-a-vendor';

describe('/v1/admin/providers', () => {
  let app: TestApp;
  let admin: TestCaller;
  let upstream: FakeUpstream;
  before(async () => {
    app = await startTestApp();
    admin = await app.signUp('admin');
    upstream = await startFakeUpstream();
  });
  afterEach(() => upstream.reset());
  after(async () => {
    await app.stop();
    await upstream.close();
  });

  let made = 0;
  async function createRouter(type = 'text-generation'): Promise<number> {
    made += 1;
    const body = { name: `router-${made}`, type };
    return (await admin.json<{ id: number }>('POST', '/v1/admin/routers', { body })).id;
  }

  /** The upstream has a model of this name and these measures. */
  function serves(id: string, { context = 4096, vector = 3 } = {}): void {
    upstream.respond(({ path }) =>
      path === '/v1/models'
        ? jsonAnswer({ object: 'list', data: [{ id, max_model_len: context }] })
        : jsonAnswer({ data: [{ index: 0, embedding: Array(vector).fill(0.5) }], usage: { prompt_tokens: 2 } }),
    );
  }

  function create(router: number, fields: object = {}): Promise<Response> {
    const body = { router, type: 'vllm', url: upstream.url, key, model_name: 'llama', ...fields };
    return admin.request('POST', '/v1/admin/providers', { body });
  }

  async function created(router: number, fields: object = {}): Promise<Provider> {
    const response = await create(router, fields);
    const answer = await response.json();
    assert.equal(response.status, 201, JSON.stringify(answer));
    return answer as Provider;
  }

  async function answerOf(asked: Promise<Response>): Promise<[number, unknown]> {
    const response = await asked;
    const { detail } = (await response.json()) as { detail: unknown };
    return [response.status, detail];
  }

  it('asks the deployment about itself, with its key, and shows everything but that', async () => {
    serves('llama', { context: 8192 });
    const router = await createRouter();
    const provider = await created(router, {
      url: `${upstream.url}v1`,
      timeout: 60,
      model_hosting_zone: 'FRA',
      model_total_params: 70,
      model_active_params: 70,
      qos_metric: 'inflight',
      qos_limit: 8,
    });
    const { id, created: time, updated } = provider as Provider & { created: number; updated: number };
    assert.deepEqual(provider, {
      id,
      router_id: router,
      user_id: admin.userId,
      type: 'vllm',
      url: upstream.url,
      key: null,
      timeout: 60,
      model_name: 'llama',
      model_hosting_zone: 'FRA',
      model_total_params: 70,
      model_active_params: 70,
      qos_metric: 'inflight',
      qos_limit: 8,
      created: time,
      updated,
    });
    assert.deepEqual(
      upstream.ledger.map(({ headers }) => headers.authorization),
      [`Bearer ${key}`],
    );
    const shown = await admin.json<Provider>('GET', `/v1/admin/providers/${id}`);
    assert.deepEqual(shown, { object: 'provider', ...provider });
    const { max_context_length, providers } = await admin.json<Record<string, number>>(
      'GET',
      `/v1/admin/routers/${router}`,
    );
    assert.deepEqual({ max_context_length, providers }, { max_context_length: 8192, providers: 1 });
  });

  it('stores the key sealed', async () => {
    serves('llama');
    const router = await createRouter();
    await created(router);
    const stored = await app.deps.routers.find(router);
    assert.doesNotMatch(JSON.stringify(stored), new RegExp(key));
    assert.equal(app.deps.secrets.open(stored?.providers[0]?.sealedKey ?? ''), key);
  });

  it('measures the vectors of an embedding model', async () => {
    serves('bge', { vector: 5 });
    const router = await createRouter('text-embeddings-inference');
    await created(router, { model_name: 'bge' });
    const { vector_size } = await admin.json<{ vector_size: number }>('GET', `/v1/admin/routers/${router}`);
    assert.equal(vector_size, 5);
  });

  it('does not take what cannot be reached, or does not run the model', async () => {
    const router = await createRouter();
    const refused = [424, 'Model provider llama not reachable.'];
    assert.deepEqual(await answerOf(create(router, { url: await refusingUrl() })), refused);
    upstream.respond(jsonAnswer({ error: { message: 'bad key' } }, 401));
    assert.deepEqual(await answerOf(create(router)), refused);
    serves('another-model');
    assert.deepEqual(await answerOf(create(router)), refused);
    const list = await admin.json<{ data: unknown[] }>('GET', `/v1/admin/providers?router=${router}`);
    assert.deepEqual(list.data, []);
  });

  it('does not take what differs from the other providers of the router', async () => {
    const router = await createRouter('text-embeddings-inference');
    serves('bge', { context: 512, vector: 5 });
    await created(router, { model_name: 'bge' });
    const name = `router-${made}`;
    serves('e5', { context: 512, vector: 7 });
    assert.deepEqual(await answerOf(create(router, { model_name: 'e5' })), [
      403,
      `Inconsistent vector size for ${name}. Expected: 5. Actual: 7`,
    ]);
    serves('e5', { context: 256, vector: 5 });
    assert.deepEqual(await answerOf(create(router, { model_name: 'e5' })), [
      403,
      `Inconsistent max context length for ${name}. Expected: 512. Actual: 256`,
    ]);
    serves('e5', { context: 512, vector: 5 });
    await created(router, { model_name: 'e5' });
  });

  it('takes a deployment once per router, also from many at once', async () => {
    serves('llama');
    const router = await createRouter();
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => create(router)))).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [201, 409, 409, 409]);
    assert.deepEqual(await answerOf(create(router)), [
      409,
      `Model provider llama for url ${upstream.url} already exists for router ${router}.`,
    ]);
    await created(await createRouter());
  });

  it('refuses a vendor that cannot do what the router is for', async () => {
    const router = await createRouter('image-to-text');
    assert.deepEqual(await answerOf(create(router)), [
      400,
      'Invalid model provider type vllm for image-to-text router.',
    ]);
    assert.deepEqual(upstream.ledger, []);
  });

  it('names the field at fault', async () => {
    const router = await createRouter();
    const faults: [object, string, RegExp][] = [
      [{ url: null }, 'url', /^URL is required for this model provider type\.$/],
      [{ url: 'ftp://host/' }, 'url', /http or https/],
      [{ url: 'https://user:secret@host/' }, 'url', /without user and password/],
      [{ qos_metric: 'inflight' }, 'qos_limit', /^QoS value is required if QoS metric is provided\.$/],
      ...['ttft', 'latency', 'performance'].map((qos_metric): [object, string, RegExp] => {
        return [{ qos_metric, qos_limit: 1 }, 'qos_metric', /^Only `inflight`/];
      }),
      [{ type: 'unknown' }, 'type', /./],
      [{ model_hosting_zone: 'XXX' }, 'model_hosting_zone', /./],
      [{ timeout: 0 }, 'timeout', /./],
      [{ model_name: '' }, 'model_name', /./],
      [{ model_total_params: -1 }, 'model_total_params', /./],
    ];
    for (const [fields, field, message] of faults) {
      const [status, detail] = await answerOf(create(router, fields));
      const [first] = detail as { loc: string[]; msg: string }[];
      assert.deepEqual([status, first?.loc], [422, ['body', field]]);
      assert.match(first?.msg ?? '', message);
    }
    assert.deepEqual(await answerOf(create(999_999)), [404, 'Model router 999999 not found.']);
  });

  it('lists page by page, of one router or of all', async () => {
    const router = await createRouter();
    for (const model_name of ['b', 'c', 'a']) {
      serves(model_name);
      await created(router, { model_name });
    }
    const path = `/v1/admin/providers?router=${router}&order_by=model_name&order_direction=desc`;
    const namesOf = ({ data }: { data: Provider[] }) => data.map(({ model_name }) => model_name);
    const all = await admin.json<{ total: number; data: Provider[] }>('GET', path);
    assert.deepEqual([all.total, namesOf(all)], [3, ['c', 'b', 'a']]);
    const page = await admin.json<{ data: Provider[] }>('GET', `${path}&offset=1&limit=1`);
    assert.deepEqual(namesOf(page), ['b']);
    const none = await admin.json<{ data: Provider[] }>('GET', '/v1/admin/providers?router=999999');
    assert.deepEqual(none.data, []);
  });

  it('changes what is named and nothing else; a new key is never shown', async () => {
    serves('llama');
    const router = await createRouter();
    const provider = await created(router, { qos_metric: 'inflight', qos_limit: 8 });
    const path = `/v1/admin/providers/${provider.id}`;
    const response = await admin.request('PATCH', path, { body: { timeout: 5, router: null, key: 'sk-another' } });
    assert.equal(response.status, 204);
    const changed = await admin.json<Provider>('GET', path);
    assert.equal(changed.timeout, 5);
    assert.deepEqual([changed.qos_metric, changed.qos_limit, changed.key], ['inflight', 8, null]);
    const stored = await app.deps.routers.findByProvider(provider.id);
    assert.equal(app.deps.secrets.open(stored?.providers[0]?.sealedKey ?? ''), 'sk-another');

    await admin.json('PATCH', path, { body: { qos_metric: null } });
    const open = await admin.json<Provider>('GET', path);
    assert.deepEqual([open.qos_metric, open.qos_limit], [null, null]);
    for (const body of [{ qos_metric: 'inflight' }, { qos_metric: 'ttft', qos_limit: 1 }]) {
      const [status] = await answerOf(admin.request('PATCH', path, { body }));
      assert.equal(status, 422);
    }
  });

  it('moves to another router that it goes with', async () => {
    serves('bge', { context: 512, vector: 5 });
    const router = await createRouter('text-embeddings-inference');
    const { id } = await created(router, { model_name: 'bge' });
    const path = `/v1/admin/providers/${id}`;
    const move = (to: number) => answerOf(admin.request('PATCH', path, { body: { router: to } }));

    assert.deepEqual(await move(999_999), [404, 'Model router not found.']);
    assert.deepEqual(await move(await createRouter('image-to-text')), [
      400,
      'New router type is not compatible with the provider type.',
    ]);
    const same = await createRouter('text-embeddings-inference');
    await created(same, { model_name: 'bge' });
    assert.deepEqual(await move(same), [409, 'provider already exists for the new router.']);
    const longer = await createRouter('text-embeddings-inference');
    serves('e5', { context: 512, vector: 7 });
    await created(longer, { model_name: 'e5' });
    assert.deepEqual(await move(longer), [403, 'Inconsistent model vector size.']);
    const larger = await createRouter('text-embeddings-inference');
    serves('e5', { context: 256, vector: 5 });
    await created(larger, { model_name: 'e5' });
    assert.deepEqual(await move(larger), [403, 'Inconsistent model max context length.']);

    const target = await createRouter('text-embeddings-inference');
    await admin.json('PATCH', path, { body: { router: target } });
    const measures = async (of: number) => {
      const { providers, vector_size } = await admin.json<Record<string, number>>('GET', `/v1/admin/routers/${of}`);
      return { providers, vector_size };
    };
    assert.deepEqual(await measures(router), { providers: 0, vector_size: null });
    assert.deepEqual(await measures(target), { providers: 1, vector_size: 5 });
    assert.equal((await admin.json<Provider>('GET', path)).router_id, target);
  });

  it('is taken away with its measures', async () => {
    serves('llama', { context: 100 });
    const router = await createRouter();
    const provider = await created(router);
    const deleted = await admin.json<Provider>('DELETE', `/v1/admin/providers/${provider.id}`);
    assert.deepEqual(deleted, { object: 'provider', ...provider });
    const missing = `Model provider ${provider.id} not found.`;
    assert.deepEqual(await answerOf(admin.request('DELETE', `/v1/admin/providers/${provider.id}`)), [404, missing]);
    const { max_context_length } = await admin.json<Record<string, unknown>>('GET', `/v1/admin/routers/${router}`);
    assert.equal(max_context_length, null);
  });

  it('is seen and changed, but not made, by whoever provides models', async () => {
    serves('llama');
    const { id } = await created(await createRouter());
    const now = Date.now();
    const role = { id: 77, name: 'provider', permissions: ['provide_models' as const], limits: [] };
    await app.deps.roles.ensure(role, now);
    const caller = await app.signUp(77);
    assert.equal((await caller.request('GET', '/v1/admin/providers')).status, 200);
    assert.equal((await caller.request('GET', `/v1/admin/providers/${id}`)).status, 200);
    assert.equal((await caller.request('PATCH', `/v1/admin/providers/${id}`, { body: { timeout: 9 } })).status, 204);
    assert.equal((await caller.request('DELETE', `/v1/admin/providers/${id}`)).status, 403);
    assert.equal((await caller.request('POST', '/v1/admin/providers', { body: {} })).status, 403);
    assert.equal((await caller.request('GET', '/v1/admin/routers')).status, 403);
  });
});
